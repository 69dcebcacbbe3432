/**
 * Programs whose variables have every kind of type, with known values, and their build to an ELF by
 * the compilers of the test ROMs, with debug information.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../test-roms/tools/toolchain.ts';

const LAYOUT = `ENTRY(_start)
SECTIONS {
  .text 0x40080400 : { *(.literal .literal.* .text .text.*) }
  .data 0x3ffb0000 : { *(.rodata .rodata.* .data .data.* .tdata .tdata.* .bss .bss.* .tbss COMMON) }
}`;
const RUST_TARGET = '-Zunstable-options --print target-spec-json --target xtensa-esp32-none-elf';

export type Language = 'c' | 'cpp' | 'rs';

/** Builds `source` to FOLDER/NAME.elf; clang gets `flags`. */
export function buildTypes(
  folder: string,
  name: string,
  language: Language,
  source: string,
  flags: readonly string[] = [],
): string {
  mkdirSync(folder, { recursive: true });
  const path = (ending: string): string => join(folder, `${name}.${ending}`);
  writeFileSync(path(language), source);
  writeFileSync(path('ld'), LAYOUT);
  if (language === 'rs') compileRust(path('rs'), path('s'), path('json'));
  else compileClang(path(language), path('s'), flags);
  const text = readFileSync(path('s'), 'utf8');
  // LLVM's Xtensa assembler reads no register of CFI, and wants literals aligned.
  const plain = text.replace(/^\s*\.cfi_.*\n/gm, '');
  writeFileSync(path('s'), plain.replace(/^\s*\.literal_position/gm, '\t.p2align 2\n$&'));
  const object = flags.filter((flag) => flag.startsWith('--compress') || flag === '-dwarf64');
  run('llvm-mc-22', ['-triple=xtensa', '-mcpu=esp32', '-filetype=obj', ...object, '-o', path('o'), path('s')]); // prettier-ignore
  run('xtensa-lx106-elf-ld', ['--no-relax', '-z', 'noexecstack', '-T', path('ld'), '-o', path('elf'), path('o')]); // prettier-ignore
  return path('elf');
}

function compileClang(source: string, assembly: string, flags: readonly string[]): void {
  const own = flags.filter((flag) => !flag.startsWith('--compress') && flag !== '-dwarf64');
  const fixed = [
    '--target=xtensa-none-elf',
    '-ffreestanding',
    '-fno-exceptions',
    '-fno-rtti',
    '-w',
  ];
  run('clang-22', [...fixed, '-fno-threadsafe-statics', '-g', '-O0', ...own, '-dumpdir', `${dirname(assembly)}/`, '-S', '-o', assembly, source]); // prettier-ignore
}

function compileRust(source: string, assembly: string, target: string): void {
  const env = { RUSTC_BOOTSTRAP: '1' };
  const specification = JSON.parse(run('/usr/bin/rustc', RUST_TARGET.split(' '), env)) as object;
  const layout = { 'data-layout': 'e-m:e-p:32:32-i8:8:32-i16:16:32-i64:64-n32' };
  writeFileSync(target, JSON.stringify({ ...specification, ...layout }));
  const flags = '-Zunstable-options --edition 2021 --crate-type rlib --crate-name types -Cpanic=abort -Ccodegen-units=1 -Cdebuginfo=2'; // prettier-ignore
  run('/usr/bin/rustc', [...flags.split(' '), '--target', target, `--emit=asm=${assembly}`, source], env); // prettier-ignore
}

export const C_TYPES = `
#include <stdint.h>
#include <stdbool.h>
typedef enum { RED = 0, GREEN = 5, NEGATIVE = -3 } Colour;
enum Big { SMALL_ONE = 1, BIG_ONE = 0x80000000u };
typedef struct { uint32_t low : 3; int32_t mid : 5; uint32_t high : 24; bool on : 1; Colour colour : 4; uint64_t wide : 40; int64_t signed_wide : 33; } Bits;
struct __attribute__((packed)) Packed { uint8_t first; uint32_t split : 29; uint32_t next : 30; };
typedef union { uint32_t word; uint8_t bytes[4]; float real; struct { uint16_t lo, hi; } halves; } Union;
typedef struct { int tag; union { int as_int; float as_float; struct { short x, y; }; }; struct { char inner; }; } Anonymous;
struct Node { int value; struct Node *next; const char *name; };
typedef struct Node NodeAlias; typedef NodeAlias NodeAlias2; typedef const volatile NodeAlias2 NodeAlias3;
Bits bits = { 5, -9, 0xabcdef, true, NEGATIVE, 0xfedcba9876ull, -4000000000ll };
struct Packed packed = { 0x11, 0x1abcdef0 & 0x1fffffff, 0x2bcdef01 };
Union both = { .word = 0x3f800000 };
Anonymous anonymous = { 7, { .as_int = 0x00020001 }, { 'q' } };
struct Node last = { 30, 0, "last" };
struct Node middle = { 20, &last, "middle" };
NodeAlias3 first = { 10, &middle, "first" };
const struct Node *volatile head = &middle;
struct Node table[3] = { { 1, 0, 0 }, { 2, &last, 0 }, { 3, 0, 0 } };
int16_t matrix[2][3][4] = { { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } }, { { -1, -2, -3, -4 }, { 0 }, { 21, 22, 23, 24 } } };
Colour colour = NEGATIVE, unnamed = (Colour)77; enum Big big = BIG_ONE;
uint64_t big_unsigned = 0xfedcba9876543210ull; int64_t big_signed = -0x123456789abcdefll; int64_t small_signed = -5;
double real = -0.1; float single = 1.5f; long double longest = 2.25L;
volatile const int constant = 42; bool yes = true; char text[16] = "caf\\303\\251"; signed char tiny = -7; unsigned char octet = 200; char letter = 'A';
int (*function)(int); void *nothing; int flexible_count; struct Flexible { int count; uint16_t items[]; } flexible = { 2, { 0x1234, 0x5678 } };
_Complex float complex_value; 
int counter(int by) { static int count = 1000; static struct { int a; } state = { 9 }; count += by; state.a++; return count + state.a; }
static int other(void) { static int count = 2000; return count++; }
int _start(void) { bits.low++; last.value++; head = &middle; return counter(1) + other() + function(constant); }
`;

export const CPP_TYPES = `
namespace outer { namespace inner { int depth = 3; } inline namespace v1 { int version = 8; } namespace { int hidden = 4; } }
struct Base { int base = 1; static int shared; };
struct Middle : Base { short middle = 2; };
struct Derived : Middle { char derived = 'd'; static const char *label; int &reference; Derived(int &r) : reference(r) {} };
int Base::shared = 55;
const char *Derived::label = "derived";
enum class Scoped : unsigned char { First = 1, Last = 255 };
template <typename T> struct Box { T value; static T count; };
template <typename T> T Box<T>::count = 6;
struct Pod : Base { unsigned flag : 1; int field : 7; };
union { int one; float same; } unnamed;
extern "C" { Scoped scoped = Scoped::Last; Box<int> box = { 12 }; Pod pod = { {}, 1, -3 }; int target = 99; int &alias = target;
  decltype(nullptr) null = nullptr; int Base::*member = &Base::base; bool Boolean = false; char16_t wide = u'w'; }
int method() { static int calls = 40; static int same = 41; calls += same; return calls; }
int another() { static int same = 42; same++; return same + Box<int>::count + outer::hidden; }
static int folded = 5;
extern "C" int _start() { int local = 3; int *keep = &local; unnamed.one = 1; return *keep + folded + method() + another(); }
`;

/** Without `core`, which the tool chain would have to build first: `Maybe` is laid out as `Option`. */
export const RUST_TYPES = `
#![no_std]
#![feature(no_core, lang_items, intrinsics, rustc_attrs, auto_traits)]
#![no_core]
#![allow(internal_features, dead_code)]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
#[lang = "copy"] pub trait Copy {}
#[lang = "sync"] pub unsafe trait Sync {}
#[lang = "freeze"] pub unsafe auto trait Freeze {}
#[lang = "neg"] pub trait Neg { type Output; fn neg(self) -> Self::Output; }
macro_rules! neg { ($($t:ty),*) => { $(impl Neg for $t { type Output = $t; fn neg(self) -> $t { self } })* } }
neg!(i8, i16, i64, i128, isize);
#[lang = "drop_in_place"] unsafe fn drop_in_place<T: PointeeSized>(_: *mut T) {}
impl Copy for u8 {} impl Copy for u32 {} impl Copy for i32 {} impl Copy for i8 {} impl Copy for bool {} impl<'a, T: PointeeSized> Copy for &'a T {}
unsafe impl Sync for u8 {} unsafe impl Sync for u32 {} unsafe impl<'a, T: PointeeSized> Sync for &'a T {}
pub enum Plain { A, B = 7, C = -2 }
#[repr(u8)] pub enum Small { X = 1, Y = 200 }
pub enum Shape { Circle(u32), Rect { w: u16, h: u16 }, Empty }
pub enum Maybe<T> { None, Some(T) }
#[repr(i16)] pub enum Signed { Low(u8) = -5, High(u32) = 300 }
pub enum Nested { One(Maybe<bool>), Two, Three }
pub enum Only { Single(u32) }
pub struct Pair(pub u32, pub i8);
pub union Raw { pub word: u32, pub bytes: [u8; 4] }
macro_rules! sync { ($($t:ty),*) => { $(unsafe impl Sync for $t {})* } }
sync!(Plain, Small, Shape, Signed, Nested, Only, Pair, Raw, Slice, Wide, Maybe<&'static u32>, Maybe<bool>, Maybe<u64>, Maybe<char>);
pub struct Slice { pub text: &'static str, pub letter: char, pub big: i128, pub n: u64, pub s: i64 }
pub struct Generic<T> { pub inner: T, pub list: [T; 2] }
unsafe impl Sync for Generic<Pair> {}
pub enum Wide { Big(u64), Huge(i128) }
pub mod deep { pub mod er {
  #[no_mangle] pub static mut COUNTER: u32 = 77;
  pub static mut PLAIN: super::super::Plain = super::super::Plain::C;
} pub static mut COUNTER: u32 = 78; }
#[no_mangle] pub static mut SMALL: Small = Small::Y;
#[no_mangle] pub static mut CIRCLE: Shape = Shape::Circle(9);
#[no_mangle] pub static mut RECT: Shape = Shape::Rect { w: 3, h: 4 };
#[no_mangle] pub static mut EMPTY: Shape = Shape::Empty;
#[no_mangle] pub static mut NULL: Maybe<&'static u32> = Maybe::None;
#[no_mangle] pub static mut POINTER: Maybe<&'static u32> = Maybe::Some(&5);
#[no_mangle] pub static mut TRUTH: Maybe<bool> = Maybe::Some(true);
#[no_mangle] pub static mut LIE: Maybe<bool> = Maybe::None;
#[no_mangle] pub static mut LONG: Maybe<u64> = Maybe::Some(0xfedc_ba98_7654_3210);
#[no_mangle] pub static mut LETTER: Maybe<char> = Maybe::Some('\\u{e9}');
#[no_mangle] pub static mut NO_LETTER: Maybe<char> = Maybe::None;
#[no_mangle] pub static mut LOW: Signed = Signed::Low(6);
#[no_mangle] pub static mut HIGH: Signed = Signed::High(7);
#[no_mangle] pub static mut ONE: Nested = Nested::One(Maybe::Some(false));
#[no_mangle] pub static mut ONE_NONE: Nested = Nested::One(Maybe::None);
#[no_mangle] pub static mut TWO: Nested = Nested::Two;
#[no_mangle] pub static mut ONLY: Only = Only::Single(4);
pub static mut GENERIC: Generic<Pair> = Generic { inner: Pair(1, 2), list: [Pair(3, 4), Pair(5, 6)] };
#[no_mangle] pub static mut PAIR: Pair = Pair(11, -12);
#[no_mangle] pub static mut RAW: Raw = Raw { word: 0x0403_0201 };
#[no_mangle] pub static mut SLICE: Slice = Slice { text: "h\\u{e9}", letter: 'x', big: -3, n: u64_max(), s: -9 };
const fn u64_max() -> u64 { 0xffff_ffff_ffff_ffff }
#[no_mangle] pub static mut WIDE: Wide = Wide::Huge(-1);
#[no_mangle] pub extern "C" fn _start() { }
`;
