// The last step of a build: refuse one that is too heavy or too new for its browsers, compress the rest.
import type { Plugin } from 'vite';
import { loadsTable, measureRoutes } from './budgets.ts';
import type { Bundle } from './bundle.ts';
import { compressFolder } from './compress.ts';
import { findWhatOldBrowsersLack } from './old-browsers.ts';

export function finishBuild(): Plugin {
  return {
    name: 'finish-build',
    apply: 'build',
    enforce: 'post',
    async writeBundle(options, output) {
      const bundle = output as Bundle;
      const loads = measureRoutes(bundle);
      console.log(loadsTable(loads));

      const problems = [
        ...loads.flatMap((load) => load.problems),
        ...findWhatOldBrowsersLack(bundle),
      ];
      if (problems.length > 0) this.error(`The build is refused:\n- ${problems.join('\n- ')}`);
      if (options.dir) await compressFolder(options.dir);
    },
  };
}
