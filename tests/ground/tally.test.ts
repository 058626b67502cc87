import { describe, expect, test } from 'vitest';
import {
  sum,
  tallyOfPlaywright,
  tallyOfTool,
  tallyOfVitest,
  verdict,
} from '../../scripts/testing/tally.ts';

const vitestFile = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((testStatus, index) => ({
    fullName: `test ${index}`,
    status: testStatus,
  })),
});

describe('what Vitest reported', () => {
  test('is counted test by test', () => {
    const report = { testResults: [vitestFile('failed', 'passed', 'failed', 'skipped')] };
    expect(tallyOfVitest(report, 1)).toEqual({ passed: 1, failed: 1, skipped: ['test 2'] });
  });

  test('counts a file that could not be loaded as a failure', () => {
    const report = { testResults: [vitestFile('passed', 'passed'), vitestFile('failed')] };
    expect(tallyOfVitest(report, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('counts an error outside of any test as a failure', () => {
    const report = { testResults: [vitestFile('passed', 'passed')] };
    expect(tallyOfVitest(report, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test.each([0, 1])('counts no report as a failure, whatever the exit code (%i)', (exitCode) => {
    expect(tallyOfVitest(undefined, exitCode)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('what Playwright reported', () => {
  const spec = (status: string, ...annotations: { type: string; description?: string }[]) => ({
    title: `a ${status} test`,
    tests: [{ status, annotations }],
  });

  test('is counted through nested suites, a flaky test as failed, a skip with its reason', () => {
    const skipped = spec('skipped', { type: 'skip', description: 'no projector' });
    const inner = { specs: [spec('unexpected'), spec('flaky'), skipped] };
    const report = { errors: [], suites: [{ specs: [spec('expected')], suites: [inner] }] };
    expect(tallyOfPlaywright(report, 1)).toEqual({
      passed: 1,
      failed: 2,
      skipped: ['a skipped test: no projector'],
    });
  });

  test('counts a run without tests as a failure', () => {
    expect(tallyOfPlaywright({ errors: [], suites: [] }, 0)).toMatchObject({ failed: 1 });
  });
});

describe('the verdict', () => {
  test('adds everything up, and names skipped tests only when there are some', () => {
    const tools = sum([tallyOfTool(0), tallyOfTool(2)]);
    expect(verdict(tools)).toBe('1 passed, 1 failed');
    expect(verdict({ ...tools, skipped: ['one'] })).toBe('1 passed, 1 failed, 1 skipped');
  });
});
