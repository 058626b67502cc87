import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SamplePerson } from './content/sample.ts';

/** `DATA_DIR/links.json`: how everyone gets in. */
export interface Links {
  readonly baseUrl: string;
  readonly office: string;
  readonly demo?: DemoLinks;
}

export interface DemoLinks {
  readonly consultation: string;
  readonly moderator: string;
  readonly clerk: string;
  /** 委员 first, then 群众代表 and 专家. */
  readonly members: readonly string[];
  readonly departments: readonly string[];
  readonly observer: string;
  readonly screen: string;
  readonly public: string;
}

export interface LinksParts {
  readonly dataDir: string;
  readonly baseUrl: string;
  readonly officer: string;
  /** May the office's link be used on several devices? */
  readonly shared: boolean;
  readonly people: {
    invite(invitation: {
      person: string;
      consultation?: string;
      reusable: boolean;
    }): Promise<string>;
    isInvitation(token: string): Promise<boolean>;
  };
  /** Absent without a demonstration. */
  readonly demo?: {
    readonly consultation: string;
    readonly everyone: readonly SamplePerson[];
    readonly code: string;
    readonly screenKey: string;
  };
}

/** Writes the links of this start: new origins, the same tokens as before where they still hold. */
export async function writeLinks(parts: LinksParts): Promise<Links> {
  const { baseUrl, demo } = parts;
  const file = path.join(parts.dataDir, 'links.json');
  const earlier = linksIn(file);
  const officer = { person: parts.officer, reusable: parts.shared };
  const links: Links = {
    baseUrl,
    office: await entry(parts, officer, earlier?.office),
    ...(demo ? { demo: await demoLinks(parts, demo, earlier?.demo) } : {}),
  };
  writeForOwner(file, `${JSON.stringify(links, null, 2)}\n`);
  return links;
}

async function demoLinks(
  parts: LinksParts,
  { consultation, everyone, code, screenKey }: NonNullable<LinksParts['demo']>,
  earlier: Partial<DemoLinks> | undefined,
): Promise<DemoLinks> {
  const entryFor = ({ id }: SamplePerson, before: string | undefined): Promise<string> =>
    entry(parts, { person: id, consultation, reusable: true }, before);
  const all = async (
    roles: readonly SamplePerson['role'][],
    before: readonly string[] = [],
  ): Promise<string[]> => {
    const links: string[] = [];
    for (const person of everyone.filter(({ role }) => roles.includes(role))) {
      links.push(await entryFor(person, before[links.length]));
    }
    return links;
  };
  const one = async (role: SamplePerson['role'], before: string | undefined): Promise<string> => {
    const [link] = await all([role], before === undefined ? [] : [before]);
    if (link === undefined) throw new Error(`the demonstration has no ${role}`);
    return link;
  };
  return {
    consultation,
    moderator: await one('moderator', earlier?.moderator),
    clerk: await one('clerk', earlier?.clerk),
    members: [...(await all(['member', 'representative'], earlier?.members))],
    departments: await all(['department'], earlier?.departments),
    observer: await one('observer', earlier?.observer),
    screen: `${parts.baseUrl}/screen/${consultation}?k=${screenKey}`,
    public: `${parts.baseUrl}/j/${code}`,
  };
}

async function entry(
  { baseUrl, people }: LinksParts,
  invitation: { person: string; consultation?: string; reusable: boolean },
  before: string | undefined,
): Promise<string> {
  const known = before?.split('/').pop();
  const token =
    known && (await people.isInvitation(known)) ? known : await people.invite(invitation);
  return `${baseUrl}/i/${token}`;
}

/** What an earlier start wrote; nothing, when that can't be read. */
function linksIn(file: string): Partial<Links> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const links = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    return typeof links === 'object' && links !== null ? links : undefined;
  } catch {
    return undefined;
  }
}

/** In one step, so that nobody reads half a file; the mode also where the file was there before. */
function writeForOwner(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}
