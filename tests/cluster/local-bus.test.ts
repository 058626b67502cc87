import { describe } from 'vitest';
import { LocalHub, openLocalBus } from '../../server/cluster/local-bus.ts';
import { busContract } from '../contract/bus-suite.ts';

const quiet = () => undefined;

describe('[CLU1] the bus within one process', () => {
  busContract(async () => {
    const hub = new LocalHub();
    const alice = openLocalBus(hub, quiet);
    const bob = openLocalBus(hub, quiet);
    return {
      alice,
      bob,
      close: async () => {
        await alice.close();
        await bob.close();
      },
    };
  });
});
