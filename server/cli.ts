import { parseArgs } from 'node:util';
import { readConfig, StartError, type Config } from './config.ts';
import { openDatabase, openForReading, type Database } from './database/open.ts';
import { createLogStore } from './log/store.ts';
import { verifyStream } from './log/verify.ts';
import { createPeople } from './login/people.ts';
import { consultationsOfPerson } from './office/consultation-store.ts';
import { whyNotStarted } from './why-not-started.ts';

const usage = `用法 (usage):
  node server/cli.ts verify                       检查全部记录是否完整 (is every record whole?)
  node server/cli.ts invite [--person <id> --consultation <id>] [--reusable]
                                                  新的入口链接；不写人员即办公室 (a new entry link; the office by default)
数据位置同服务本身：DATA_DIR、DATABASE_URL、PUBLIC_URL。`;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Names the first event of each stream that is not what was appended. */
async function verify(database: Database): Promise<boolean> {
  const store = createLogStore(database);
  let whole = true;
  for (const stream of await store.streams()) {
    const verdict = await verifyStream(store.envelopes(stream));
    whole &&= verdict.whole;
    say(
      verdict.whole
        ? `${stream}: ${verdict.events} events, head ${verdict.head}`
        : `${stream}: event ${verdict.seq} is ${verdict.fault}`,
    );
  }
  return whole;
}

async function invite(
  database: Database,
  { publicUrl, port }: Config,
  wanted: { person?: string; consultation?: string; reusable?: boolean },
): Promise<boolean> {
  const { person = 'officer', consultation, reusable = false } = wanted;
  const part = await consultationsOfPerson(database.sql, person);
  const known = consultation === undefined || part.some(({ id }) => id === consultation);
  if (!known || (person !== 'officer' && consultation === undefined)) {
    process.stderr.write(`${person} 不在 ${consultation ?? '任何商量'} 的名单里。\n`);
    return false;
  }
  const token = await createPeople(database).invite({
    person,
    reusable,
    ...(consultation === undefined ? {} : { consultation }),
  });
  say(`${publicUrl ?? `http://localhost:${port}`}/i/${token}`);
  return true;
}

async function run(config: Config): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      person: { type: 'string' },
      consultation: { type: 'string' },
      reusable: { type: 'boolean' },
    },
  });
  const [task] = positionals;
  if (task !== 'verify' && task !== 'invite') {
    process.stderr.write(`${usage}\n`);
    return false;
  }
  // looking needs nothing of a server that runs; inviting is done by whoever owns the directory
  const database = task === 'verify' ? openForReading(config) : await openDatabase(config);
  try {
    return task === 'verify' ? await verify(database) : await invite(database, config, values);
  } finally {
    await database.close();
  }
}

let config: Config | undefined;
try {
  config = readConfig(process.env);
  process.exitCode = (await run(config)) ? 0 : 1;
} catch (error) {
  const reason = error instanceof StartError ? error : whyNotStarted(error, config);
  const isUsage = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS');
  if (isUsage) process.stderr.write(`${usage}\n`);
  else if (reason) process.stderr.write(`${reason.message}\n`);
  else console.error(error);
  process.exitCode = 1;
}
