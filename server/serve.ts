import type { AddressInfo } from 'node:net';
import { createApp, type App } from './app.ts';
import { readConfig, StartError, type Config } from './config.ts';
import { foundIfEmpty, linksOfStart, type FoundingParts } from './demonstration/found.ts';
import { newCode } from './login/tokens.ts';
import { nearbyOrigin, printedLinks } from './print-links.ts';
import { whyNotStarted } from './why-not-started.ts';

/** A stop that takes longer than this is cut short, in milliseconds. */
const PATIENCE_MS = 8_000;
const say = (line: string) => process.stdout.write(`${line}\n`);
const everywhere = new Set(['0.0.0.0', '::']);

async function start(config: Config): Promise<App> {
  say('商量：正在打开数据库 …');
  const app = await createApp({ config, forPeople: process.stdout.isTTY });
  try {
    const parts = foundingParts(app);
    const { demo } = config;
    if (await foundIfEmpty(parts, { demo, now: Date.now() })) {
      say(demo ? '商量：已写入示例数据' : '商量：新的数据目录');
    }
    await app.http.listen({ port: config.port, host: config.host });
    const { port } = app.http.server.address() as AddressInfo;
    const baseUrl = config.publicUrl ?? ownOrigin(config.host, port);
    const links = await linksOfStart(parts, { dataDir: config.dataDir, baseUrl });
    app.setReady(true);
    const reachable = config.publicUrl === undefined && everywhere.has(config.host);
    process.stdout.write(printedLinks(links, reachable ? nearbyOrigin(port) : undefined));
    say(`商量：已启动 ${baseUrl}`);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

function ownOrigin(host: string, port: number): string {
  if (everywhere.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const foundingParts = (app: App): FoundingParts => ({
  recordAt: (now) => app.recordAt(now),
  editBoard: (consultation, actor, edit) => app.boards.edit(consultation, actor, edit),
  newCode: () => newCode(),
  people: app.people,
  doors: (id) => app.consultations.doors(id),
});

/** Ends in order: nothing new is taken, what was taken is answered and on disk. The second signal ends at once. */
function stopOnSignals(app: App): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    say(`商量：收到 ${signal}，正在停止 …`);
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

let config: Config | undefined;
try {
  config = readConfig(process.env);
  stopOnSignals(await start(config));
} catch (error) {
  const reason = error instanceof StartError ? error : whyNotStarted(error, config);
  if (reason) process.stderr.write(`${reason.message}\n`);
  else console.error(error);
  process.exit(1);
}
