/* eslint-disable svelte/prefer-svelte-reactivity -- each change puts a new map in the place of the old */
import { inOrder, type Roster } from '../../shared/consultation/attendance.ts';
import { mayJoin } from '../../shared/consultation/groups.ts';
import { sites, type Participant, type Site } from '../../shared/consultation/people.ts';

export interface PlannedGroup {
  /** Of the plan alone: the record names groups itself. */
  readonly key: number;
  title: string;
}

export interface PlanWords {
  readonly numbered: (no: number) => string;
  readonly ofSite: (site: Site) => string;
}

/** Who is dealt into groups by itself: those who came to speak. The desk can still be put into one by hand. */
const isDealt = ({ role, attendance }: Participant): boolean =>
  role !== 'moderator' && role !== 'clerk' && attendance.state === 'present';

/** Groups as the moderator makes them up, before anyone is told. */
export class GroupPlan {
  groups = $state<PlannedGroup[]>([]);
  /** Group by person; who is not in it is in none. */
  groupByPerson = $state.raw<ReadonlyMap<string, number>>(new Map());
  readonly #roster: () => Roster;
  readonly #words: PlanWords;
  #keys = 0;

  constructor(roster: () => Roster, words: PlanWords) {
    this.#roster = roster;
    this.#words = words;
  }

  /** Everyone who may be in a group, in the order of the list. */
  get people(): Participant[] {
    return inOrder(this.#roster()).filter(mayJoin);
  }

  /** Sizes differ by one at most; neighbours on the list, often of one unit, come into different groups. */
  evenly(count: number): void {
    this.#begin(Array.from({ length: count }, (_, index) => this.#words.numbered(index + 1)));
    const keys = this.groups.map(({ key }) => key);
    const dealt = this.people.filter(isDealt);
    this.groupByPerson = new Map(
      dealt.map(({ id }, index) => [id, keys[index % keys.length] ?? 0]),
    );
  }

  /** A group for each place where somebody is. */
  bySite(): void {
    const dealt = this.people.filter(isDealt);
    const there = sites.filter((site) => dealt.some((person) => person.site === site));
    this.#begin(there.map(this.#words.ofSite));
    const keyOf = (site: Site | undefined) => site && this.groups[there.indexOf(site)]?.key;
    this.groupByPerson = new Map(
      dealt.flatMap(({ id, site }): [string, number][] => {
        const key = keyOf(site);
        return key === undefined ? [] : [[id, key]];
      }),
    );
  }

  #begin(titles: readonly string[]): void {
    this.groups = titles.map((title) => ({ key: (this.#keys += 1), title }));
    this.groupByPerson = new Map();
  }

  add(): void {
    const taken = new Set(this.groups.map(({ title }) => title));
    let no = this.groups.length + 1;
    while (taken.has(this.#words.numbered(no))) no += 1;
    this.groups.push({ key: (this.#keys += 1), title: this.#words.numbered(no) });
  }

  /** Its people are in none then. */
  drop(key: number): void {
    this.groups = this.groups.filter((group) => group.key !== key);
    this.groupByPerson = new Map([...this.groupByPerson].filter(([, group]) => group !== key));
  }

  put(person: string, key: number | undefined): void {
    const changed = new Map(this.groupByPerson);
    if (key === undefined) changed.delete(person);
    else changed.set(person, key);
    this.groupByPerson = changed;
  }

  membersOf(key: number | undefined): Participant[] {
    return this.people.filter(({ id }) => this.groupByPerson.get(id) === key);
  }

  /** As `group.form` takes it. */
  get formed(): { title: string; members: string[] }[] {
    return this.groups.map(({ key, title }) => ({
      title: title.trim(),
      members: this.membersOf(key).map(({ id }) => id),
    }));
  }

  /** What is still missing before they can part. */
  get lack(): 'groups' | 'people' | 'titles' | undefined {
    const { formed } = this;
    if (formed.length === 0) return 'groups';
    if (formed.some(({ members }) => members.length === 0)) return 'people';
    const titles = new Set(formed.map(({ title }) => title));
    return titles.has('') || titles.size < formed.length ? 'titles' : undefined;
  }
}
