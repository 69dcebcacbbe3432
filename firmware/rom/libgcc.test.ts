/** libgcc's functions: results of the open ROM are those of the mask ROM. */
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles } from '../../emulator/loader/real.fixtures.ts';
import { RomPair, type Random, type Subject } from './differential.fixtures.ts';
import { DATA } from './rom-caller.fixtures.ts';

const one = (r: Random): number[] => [r.word()];
const two = (r: Random): number[] => [r.word(), r.word()];
const long = (r: Random): number[] => [r.word(), r.word()];
const longs = (r: Random): number[] => [...long(r), ...long(r)];
/** A 64-bit divisor that is not 0; half of them of one word. */
const divided = (r: Random): number[] => [
  ...long(r),
  r.word() | 1,
  r.below(2) === 0 ? 0 : r.word(),
];
const single = (r: Random): number[] => [r.single()];
const singles = (r: Random): number[] => [r.single(), r.single()];
const double = (r: Random): number[] => r.double();
const doubles = (r: Random): number[] => [...r.double(), ...r.double()];
/** Small enough that no sum, difference or product overflows. */
const small = (r: Random): number[] => [(r.u32() >> 18) | 0, (r.u32() >> 18) | 0];
const smallLong = (r: Random): number[] => small(r).flatMap((v) => [v, v >> 31]);

const rows = (names: string, args: Subject['args'], result: Subject['result'] = 'u32'): Subject[] =>
  names.split(' ').map((name) => ({ name, args, result }));

const SUBJECTS: readonly Subject[] = [
  ...rows('__clzsi2 __ctzsi2', (r) => [r.word() || 1]),
  ...rows('__ffssi2 __popcountsi2 __paritysi2 __bswapsi2 __clrsbsi2', one),
  ...rows('__clzdi2 __ctzdi2', (r) => [r.word() || 1, r.word()]),
  ...rows('__ffsdi2 __popcountdi2 __clrsbdi2', long),
  ...rows('__bswapdi2 __negdi2', long, 'u64'),
  ...rows('__mulsi3', two),
  ...rows('__divsi3 __modsi3 __udivsi3 __umodsi3', (r) => [r.word(), r.word() || 1]),
  ...rows('__muldi3', longs, 'u64'),
  ...rows('__umulsidi3', two, 'u64'),
  ...rows('__divdi3 __moddi3 __udivdi3 __umoddi3', divided, 'u64'),
  ...rows('__cmpdi2 __ucmpdi2', longs),
  ...rows('__ashldi3 __ashrdi3 __lshrdi3', (r) => [...long(r), r.below(64)], 'u64'),
  ...rows('__addvsi3 __subvsi3 __mulvsi3', small),
  ...rows('__addvdi3 __subvdi3 __mulvdi3', smallLong, 'u64'),
  ...rows('__negvsi2 __absvsi2', (r) => [r.word() & ~0x80000000]),
  ...rows('__negvdi2 __absvdi2', (r) => [r.word(), r.u32() >> 1], 'u64'),
  ...rows('__addsf3 __subsf3 __mulsf3 __divsf3', singles, 'single'),
  ...rows('__negsf2', single),
  ...rows('__eqsf2 __nesf2 __ltsf2 __lesf2 __gtsf2 __gesf2 __unordsf2', singles),
  ...rows('__fixsfsi __fixunssfsi', single),
  ...rows('__fixsfdi __fixunssfdi', single, 'u64'),
  ...rows('__floatsisf __floatunsisf', one),
  ...rows('__floatdisf __floatundisf', long),
  ...rows('__extendsfdf2', single, 'u64'),
  ...rows('__adddf3 __subdf3 __muldf3 __divdf3', doubles, 'double'),
  ...rows('__negdf2', double, 'u64'),
  ...rows('__eqdf2 __nedf2 __ltdf2 __ledf2 __gtdf2 __gedf2 __unorddf2', doubles),
  ...rows('__fixdfsi __fixunsdfsi', double),
  ...rows('__truncdfsf2', double, 'single'),
  ...rows('__fixdfdi', double, 'u64'),
  ...rows('__floatsidf __floatunsidf', one, 'u64'),
  ...rows('__floatdidf __floatundidf', long, 'u64'),
  ...rows('__powisf2', (r) => [r.single(), r.between(-40, 40)], 'single'),
  ...rows('__powidf2', (r) => [...r.double(), r.between(-40, 40)], 'double'),
  ...rows('__mulsc3 __divsc3', (r) => [...singles(r), ...singles(r)], 'singles'),
  ...rows('__muldc3 __divdc3', (r) => [...doubles(r), ...doubles(r)], 'double'),
  ...rows('__udiv_w_sdiv', longs),
  { name: '__udivmoddi4', args: (r) => [...divided(r), DATA], result: 'u64', memory: 8 },
  { name: '__gcc_bcmp', args: (r) => [DATA, DATA + r.below(8) * 4, r.below(40)], memory: 128 },
];

describe.skipIf(!haveRealFiles())('libgcc is that of the mask ROM', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
  });

  it.each(SUBJECTS.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    expect(pair.compare(subject)).toEqual([]);
  });
});
