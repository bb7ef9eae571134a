# Run by perfwatt_start_image().
file(SHA256 "${IMAGE}" checksum)
file(WRITE "${OUTPUT}" "// sha256 ${checksum}
#include \"os/command/start_image.h\"

asm(\".section .rodata.pw_start_image, \\\"a\\\"\\n\"
    \".balign 64\\n\"
    \".globl pw_start_image_begin\\n\"
    \".globl pw_start_image_end\\n\"
    \"pw_start_image_begin:\\n\"
    \".incbin \\\"${IMAGE}\\\"\\n\"
    \"pw_start_image_end:\\n\"
    \".byte 0\\n\"
    \".previous\\n\");
extern \"C\" const char pw_start_image_begin[], pw_start_image_end[];

namespace pw {

std::span<const char> start_image() { return {pw_start_image_begin, pw_start_image_end}; }

}  // namespace pw
")
