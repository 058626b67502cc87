import { createHook } from 'node:async_hooks';

/** Timers, sockets and servers: what would keep a process alive. */
const holding = /^(Timeout|TCPWRAP|TCPSERVERWRAP|TCPCONNECTWRAP)$/;

/**
 * Watches what is opened from now on by code whose call stack names one of `openers`, and is not closed again. A test
 * runner has timers of its own, which come and go; they are nobody's fault here.
 */
export function watchHandles(openers: RegExp): { left(): string[]; stop(): void } {
  const kindById = new Map<number, string>();
  const { stackTraceLimit } = Error;
  const hook = createHook({
    init(id, kind) {
      if (!holding.test(kind)) return;
      Error.stackTraceLimit = 30;
      const { stack = '' } = new Error();
      Error.stackTraceLimit = stackTraceLimit;
      const opener = openers.exec(stack)?.[0];
      if (opener !== undefined) kindById.set(id, `${kind} of ${opener}`);
    },
    destroy: (id) => void kindById.delete(id),
  });
  hook.enable();
  return { left: () => [...kindById.values()], stop: () => void hook.disable() };
}
