// Counts what the test runners report. A runner that crashes, or reports nothing, has failed.

export interface Tally {
  passed: number;
  failed: number;
  /** Title, and reason where the runner tells it, of each skipped test. */
  skipped: string[];
}

export const sum = (tallies: Tally[]): Tally => ({
  passed: tallies.reduce((total, tally) => total + tally.passed, 0),
  failed: tallies.reduce((total, tally) => total + tally.failed, 0),
  skipped: tallies.flatMap((tally) => tally.skipped),
});

/** A tool without tests of its own (format, lint, types) is one test. */
export const tallyOfTool = (exitCode: number): Tally => ({
  passed: exitCode === 0 ? 1 : 0,
  failed: exitCode === 0 ? 0 : 1,
  skipped: [],
});

/** An exit code that no counted failure explains (a crash, an unhandled error) is one failure. */
function withExitCode(tally: Tally, exitCode: number): Tally {
  const ranNothing = tally.passed + tally.failed + tally.skipped.length === 0;
  const isUnexplained = tally.failed === 0 && (exitCode !== 0 || ranNothing);
  return isUnexplained ? { ...tally, failed: 1 } : tally;
}

const nothing: Tally = { passed: 0, failed: 0, skipped: [] };

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** `report` is what Vitest's json reporter wrote, or undefined when it wrote nothing. */
export function tallyOfVitest(report: VitestReport | undefined, exitCode: number): Tally {
  const files = report?.testResults ?? [];
  const perFile = files.map(({ status, assertionResults }): Tally => {
    const having = (...statuses: string[]) =>
      assertionResults.filter((test) => statuses.includes(test.status));
    const failed = having('failed').length;
    return {
      passed: having('passed').length,
      // A file that could not even be loaded has no tests to fail.
      failed: status === 'failed' && failed === 0 ? 1 : failed,
      skipped: having('pending', 'skipped', 'todo', 'disabled').map((test) => test.fullName),
    };
  });
  return withExitCode(sum([nothing, ...perFile]), exitCode);
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: { status: string; annotations: { type: string; description?: string }[] }[];
  }[];
}

export interface PlaywrightReport extends PlaywrightSuite {
  errors: unknown[];
}

function tallyOfSuite(suite: PlaywrightSuite): Tally {
  const own = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map(({ status, annotations }): Tally => {
      if (status === 'expected') return { ...nothing, passed: 1 };
      if (status !== 'skipped') return { ...nothing, failed: 1 };
      const reason = annotations.find(({ type }) => type === 'skip')?.description;
      return { ...nothing, skipped: [reason ? `${title}: ${reason}` : title] };
    }),
  );
  return sum([...own, ...(suite.suites ?? []).map(tallyOfSuite)]);
}

/** `report` is what Playwright's json reporter wrote, or undefined when it wrote nothing. */
export function tallyOfPlaywright(report: PlaywrightReport | undefined, exitCode: number): Tally {
  return withExitCode(report ? tallyOfSuite(report) : nothing, exitCode);
}

export function verdict({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped.length > 0 ? `${line}, ${skipped.length} skipped` : line;
}
