# Daily work. The front doors for a fresh machine are ./demo and ./test.
.PHONY: all test demo bench lab lab-all deb format tidy asan tsan coverage install clean

all:
	@scripts/setup build
	@scripts/build build

test:
	@./test

demo:
	@./demo

bench:
	@scripts/setup build bench
	@scripts/build build
	@bench/run

lab: all
	@scripts/setup lab
	@lab/check

lab-all: all
	@scripts/setup test lab
	@build/perfwatt model fetch resnet50
	@lab/check --all

deb:
	@scripts/deb
	@scripts/deb-python

format:
	clang-format -i $$(git ls-files '*.cc' '*.h')

tidy:
	@scripts/setup build test dev
	cmake --preset tidy && cmake --build --preset tidy

coverage:
	@scripts/setup build test
	@scripts/coverage

asan tsan:
	@scripts/setup build test
	cmake --preset $@ && cmake --build --preset $@ && ctest --preset $@

install: all
	cmake --install build

clean:
	rm -rf build build-* demo-out
