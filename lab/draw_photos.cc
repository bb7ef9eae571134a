// SPDX-License-Identifier: GPL-3.0-or-later
// draw-photos DIR [--hotdogs 24] [--others 6]: photos that may be given to anyone. Hot dogs that ResNet-50
// takes for hot dogs (hotdog_000.jpg, ...), and things that it does not (other_000.jpg, ...). The same
// numbers give the same pictures on every machine.
#include <fmt/format.h>

#include <numbers>

#include "base/text.h"
#include "canvas.h"
#include "os/file.h"

namespace pw::drawing {
namespace {

using std::numbers::pi;

// A bent sausage shape around (x, y): half its length, its radius, and how far it bends, in radii.
struct Capsule {
  double x, y, angle, length, radius, bend;

  Capsule scaled(double by_length, double by_radius) const {
    return {x, y, angle, length * by_length, radius * by_radius, bend / by_radius};
  }
  Capsule moved(double across) const {
    return {x - std::sin(angle) * across, y + std::cos(angle) * across, angle, length, radius, bend};
  }
};

// Where a pixel lies: the distance from the axis in radii (1 is the skin), along in lengths, across in radii.
struct Place {
  double distance, along, across;
};

Place place_in(const Capsule& shape, const Pixel& pixel) {
  const double c = std::cos(shape.angle), s = std::sin(shape.angle);
  const double u = (pixel.x - shape.x) * c + (pixel.y - shape.y) * s;
  const double bent = shape.bend * (u / shape.length) * (u / shape.length) * shape.radius;
  const double v = (pixel.y - shape.y) * c - (pixel.x - shape.x) * s - bent;
  const double beyond = u - std::clamp(u, -shape.length, shape.length);
  return {std::hypot(beyond, v) / shape.radius, u / shape.length, v / shape.radius};
}

// The round light on a body, 0 at its edge.
double roundness(double distance) { return std::sqrt(std::max(0.0, 1 - distance * distance)); }

Colour lit(const Colour& colour, double light, double added) {
  return {colour[0] * light + added, colour[1] * light + added, colour[2] * light + added};
}

// A lit body; `shine` is the brightness of the line of light along it.
void paint(Canvas& canvas, const Capsule& shape, const Colour& colour, const Field& texture, double shine) {
  canvas.each([&](const Pixel& pixel) {
    const Place place = place_in(shape, pixel);
    if (place.distance >= 1) return;
    const double light = 0.45 + 0.6 * roundness(place.distance) - 0.18 * place.across;
    const double from_line = place.across + 0.35;
    const double line = std::abs(place.along) < 0.95 ? shine * std::exp(-from_line * from_line / 0.02) : 0;
    pixel.blend(lit(colour, light, texture.at(pixel.column, pixel.row) + line),
                std::min((1 - place.distance) * 25, 1.0));
  });
}

void shade(Canvas& canvas, const Capsule& shape) {
  canvas.each([&](const Pixel& pixel) {
    pixel.scale(1 - 0.45 * std::clamp(1.25 - place_in(shape, pixel).distance, 0.0, 1.0));
  });
}

void texture_all(Canvas& canvas, const Field& texture) {
  canvas.each([&](const Pixel& pixel) {
    const double value = texture.at(pixel.column, pixel.row);
    for (std::size_t i = 0; i < 3; ++i) pixel.channel[i] += value;
  });
}

Field grains(const Canvas& canvas, Random& random, int fine, double fine_by, int coarse, double coarse_by) {
  const Field a = noise(canvas.size(), fine, random);
  const Field b = noise(canvas.size(), coarse, random);
  return mixed(canvas.size(), a, fine_by, b, coarse_by);
}

Canvas table(Random& random) {
  static constexpr Colour tops[] = {{200, 200, 205}, {120, 80, 50}, {235, 230, 220},
                                    {60, 70, 80},    {150, 30, 30}, {70, 110, 60}};
  // Each random number in a statement of its own: compilers differ in the order of arguments.
  const Colour& top = tops[random.below(6)];
  Canvas canvas(320 + 16 * random.below(9), top);
  texture_all(canvas, grains(canvas, random, 3, 18, 40, 40));
  return canvas;
}

void lay_plate(Canvas& canvas) {
  canvas.each([](const Pixel& pixel) {
    const double distance = std::hypot(pixel.x, pixel.y * 1.15) / 0.47;
    if (distance >= 1) return;
    const double rim = distance > 0.85 ? 25 * (1 - distance) * 6 : 0;
    const double gray = 240 - rim - 12 * distance;
    pixel.blend({gray, gray, gray}, 1);
  });
}

void lay_lettuce(Canvas& canvas, const Capsule& shape, Random& random) {
  const Field edge = noise(canvas.size(), 8, random);
  const Field leaf = noise(canvas.size(), 4, random);
  canvas.each([&](const Pixel& pixel) {
    const Place place = place_in(shape, pixel);
    const double wave = edge.at(pixel.column, pixel.row) * 0.25;
    if (place.distance >= 1 + wave || std::abs(place.across) < 0.55) return;
    pixel.blend(lit({90, 150, 50}, 1, leaf.at(pixel.column, pixel.row) * 90), 1);
  });
}

// A wavy line of mustard or ketchup along the shape.
void squeeze(Canvas& canvas, const Capsule& shape, const Colour& colour, double phase, double waves) {
  const double height = 0.22, width = 0.085;  // in radii
  const double turn = pi * waves;
  const double steep = height * shape.radius * turn / shape.length;
  canvas.each([&](const Pixel& pixel) {
    const Place place = place_in(shape, pixel);
    if (std::abs(place.along) >= 0.97) return;
    const double wave = place.along * turn + phase;
    const double slope = std::hypot(1.0, steep * std::cos(wave));
    const double off = std::abs(place.across - height * std::sin(wave)) / slope / width;
    const double gleam = 40 * std::exp(-(off - 0.3) * (off - 0.3) / 0.05);
    pixel.blend(lit(colour, 0.65 + 0.4 * roundness(off), gleam), std::clamp((1 - off) * 6, 0.0, 1.0));
  });
}

Colour near(const Colour& colour, double red, double green, double blue, Random& random) {
  return {colour[0] + random.uniform(-red, red), colour[1] + random.uniform(-green, green),
          colour[2] + random.uniform(-blue, blue)};
}

Capsule bun_shape(Random& random) {
  Capsule shape{};
  shape.angle = random.uniform(-0.6, 0.6);
  if (random.chance(0.2)) shape.angle += 1.2;
  shape.x = random.uniform(-0.03, 0.03);
  shape.y = random.uniform(-0.03, 0.03);
  shape.length = random.uniform(0.24, 0.3);
  shape.radius = random.uniform(0.11, 0.14);
  shape.bend = random.uniform(-0.25, 0.25);
  return shape;
}

void lay_bun(Canvas& canvas, const Capsule& shape, Random& random) {
  Capsule shadow = shape.scaled(1, 1.15);
  shadow.x += 0.02;
  shadow.y += 0.035;
  shade(canvas, shadow);
  const Colour crust = near({215, 155, 85}, 15, 20, 20, random);
  const Field texture = grains(canvas, random, 4, 22, 12, 26);
  for (const double side : {-0.55, 0.55})
    paint(canvas, shape.moved(side * shape.radius).scaled(1, 0.8), crust, texture, 0);
  paint(canvas, shape.scaled(0.98, 0.62), {245, 225, 180}, grains(canvas, random, 3, 25, 12, 0), 0);
}

Canvas hotdog(Random& random) {
  Canvas canvas = table(random);
  if (random.chance(0.75)) lay_plate(canvas);
  const Capsule shape = bun_shape(random);
  lay_bun(canvas, shape, random);
  if (random.chance(0.5)) lay_lettuce(canvas, shape.scaled(1, 0.66), random);
  const Colour meat = near({175, 70, 40}, 25, 20, 15, random);
  const double length = random.uniform(1.0, 1.12);
  paint(canvas, shape.scaled(length, 0.47), meat, grains(canvas, random, 6, 16, 12, 0), 95);
  squeeze(canvas, shape, {235, 190, 30}, 0, random.uniform(5, 8));
  if (random.chance(0.4)) squeeze(canvas, shape, {190, 25, 20}, 1.7, random.uniform(5, 8));
  return canvas;
}

void lay_body(Canvas& canvas, const Capsule& shape, const Colour& colour, double shine, Random& random) {
  Capsule shadow = shape.scaled(1, 1.1);
  shadow.x += 0.02;
  shadow.y += 0.03;
  shade(canvas, shadow);
  paint(canvas, shape, colour, grains(canvas, random, 3, 8, 12, 14), shine);
}

Canvas bananas(Random& random) {
  Canvas canvas = table(random);
  for (const double across : {-0.16, -0.05, 0.06})
    lay_body(canvas, {0, across, random.uniform(-0.1, 0.1), 0.33, 0.055, -1.6}, {240, 205, 50}, 25, random);
  return canvas;
}

Canvas lemon(Random& random) {
  Canvas canvas = table(random);
  const Capsule fruit{0, 0, random.uniform(-0.8, 0.8), 0.08, 0.22, 0};
  lay_body(canvas, fruit.scaled(3.4, 0.3), {235, 205, 40}, 0, random);
  lay_body(canvas, fruit, {245, 220, 45}, 20, random);
  return canvas;
}

Canvas ball(Random& random) {
  Canvas canvas = table(random);
  const Capsule sphere{0, 0, 0, 0.001, random.uniform(0.28, 0.36), 0};
  lay_body(canvas, sphere, {200, 215, 50}, 0, random);
  for (const double side : {-1.0, 1.0}) {
    const double reach = sphere.radius;
    canvas.each([&](const Pixel& pixel) {
      const double seam = std::abs(std::hypot(pixel.x - side * reach * 1.25, pixel.y) - reach * 0.9);
      if (place_in(sphere, pixel).distance < 0.98)
        pixel.blend({240, 240, 235}, std::clamp((0.016 - seam) * 200, 0.0, 1.0));
    });
  }
  return canvas;
}

Canvas plate(Random& random) {
  Canvas canvas = table(random);
  lay_plate(canvas);
  return canvas;
}

Canvas stripes(Random& random) {
  Canvas canvas = table(random);
  const double angle = random.uniform(0, pi), count = random.uniform(20, 60);
  canvas.each([&](const Pixel& pixel) {
    if (std::sin((pixel.x * std::cos(angle) + pixel.y * std::sin(angle)) * count) > 0)
      pixel.blend({245, 245, 240}, 0.9);
  });
  return canvas;
}

Canvas checks(Random& random) {
  Canvas canvas = table(random);
  const double count = random.uniform(6, 10);
  canvas.each([&](const Pixel& pixel) {
    const auto field = static_cast<int>((pixel.x + 0.5) * count) + static_cast<int>((pixel.y + 0.5) * count);
    pixel.blend(field % 2 == 0 ? Colour{30, 28, 25} : Colour{235, 230, 215}, 0.9);
  });
  return canvas;
}

using Scene = Canvas (*)(Random&);
constexpr Scene kOthers[] = {bananas, lemon, ball, plate, stripes, checks};

Result<> draw(Scene scene, const std::string& kind, int number, const std::string& folder) {
  Random random(static_cast<std::uint64_t>(number) + (scene == hotdog ? 0 : 1'000'000));
  Canvas canvas = scene(random);
  canvas.blur();
  canvas.add_grain(3, random);
  return write_file(fmt::format("{}/{}_{:03}.jpg", folder, kind, number), canvas.jpeg(92));
}

Result<> draw_all(const std::string& folder, int hotdogs, int others) {
  Result<> done = make_folder(folder);
  for (int i = 0; done && i < hotdogs; ++i) done = draw(hotdog, "hotdog", i, folder);
  for (int i = 0; done && i < others; ++i) done = draw(kOthers[i % std::ssize(kOthers)], "other", i, folder);
  return done;
}

// The number after `option`; `otherwise` where it is not given, -1 where it is no number from 0 to 1000.
int number_of(const std::vector<std::string>& words, const std::string& option, int otherwise) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != option) continue;
    const auto value = i + 1 < words.size() ? parse_integer(words[i + 1]) : std::nullopt;
    return value && *value >= 0 && *value <= 1000 ? static_cast<int>(*value) : -1;
  }
  return otherwise;
}

}  // namespace
}  // namespace pw::drawing

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const int hotdogs = pw::drawing::number_of(words, "--hotdogs", 24);
  const int others = pw::drawing::number_of(words, "--others", 6);
  if (words.empty() || words[0].starts_with('-') || hotdogs < 0 || others < 0) {
    fmt::print(stderr, "usage: draw-photos DIR [--hotdogs 24] [--others 6]\n");
    return 2;
  }
  const pw::Result<> done = pw::drawing::draw_all(words[0], hotdogs, others);
  if (!done) fmt::print(stderr, "draw-photos: {}\n", pw::one_line(done.error()));
  return done ? 0 : static_cast<int>(done.error().kind);
}
