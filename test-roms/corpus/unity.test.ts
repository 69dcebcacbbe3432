/** The Unity test menu over UART0: passing, crashing and stuck tests, a test in stages. */
import { describe, it } from 'vitest';
import { boot, noImages } from './corpus.fixtures.ts';

describe.skipIf(noImages)('Unity test menu', { timeout: 300_000 }, () => {
  it('lists its tests, runs them and sums up', () => {
    const session = boot('idf_unity-app-v6.1-espressif');
    session.expect(/^Press ENTER to see the list of tests\./m, 1000);
    session.type('\n');
    session.expect(/^\(1\)\t"normal_case_pass" \[normal_case\]/m, 1500);
    session.expect(/^Enter test for running\./m, 1500);
    session.type('1\n');
    session.expect(/^Running normal_case_pass\.\.\./m, 2000);
    session.expect(/^1 Tests 0 Failures 0 Ignored/m, 2500);
    session.expect(/^Enter next test, or 'enter' to see menu/m, 2500);
  });

  it('goes on after a test that crashes', () => {
    const session = boot('idf_unity-app-v6.1-espressif');
    session.expect(/^Press ENTER to see the list of tests\./m, 1000);
    session.type('[normal_case]\n');
    session.expect(/^Running normal_case_pass\.\.\./m, 2000);
    session.expect(/^\.\/main\/case_tester_example\.c:30:normal_case_pass:PASS/m, 2000);
    session.expect(/^Running normal_case_crash\.\.\./m, 2000);
    session.expect(/normal case crash later: delay 3s/, 2000);
    session.expect(/^Guru Meditation Error: Core {2}\d panic'ed \(StoreProhibited\)/m, 5500);
    session.expect(/^Backtrace: 0x400d5ac9:0x3ffb\w{4}/m, 5500);
    session.expect(/^rst:0xc \(SW_CPU_RESET\)/m, 5500);
    session.expect(/^Press ENTER to see the list of tests\./m, 6500);
  });

  it('runs a test in stages across a software restart', () => {
    const session = boot('idf_unity-app-v6.1-espressif');
    session.expect(/^Press ENTER to see the list of tests\./m, 1000);
    session.type('5\n');
    session.expect(/^\t\(4\)\t"test_stage4"/m, 1500);
    session.type('1\n');
    session.expect(/^Running stage 1\.\.\./m, 1500);
    session.expect(/multi_stage: stage1: software restart/, 1500);
    session.expect(/^rst:0xc \(SW_CPU_RESET\)/m, 1500);
    session.expect(/^Press ENTER to see the list of tests\./m, 2500);
    session.type('5\n');
    session.expect(/^\t\(4\)\t"test_stage4"/m, 3000);
    session.type('2\n');
    session.expect(/^Running stage 2\.\.\./m, 3000);
    session.expect(/^assert failed: test_stage2 case_tester_example\.c:83 \(false\)/m, 3000);
    session.expect(/^rst:0xc \(SW_CPU_RESET\)/m, 3500);
  });
});
