import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamOf } from '../../server/log/record.ts';
import { verifyStream } from '../../server/log/verify.ts';
import {
  consultationCommands,
  evolve,
  initialState,
  type CommandName,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { alice, bob, clark, dan, erin, guest, mona } from '../shared/consultation/meeting.ts';
import { recordOnDisk, send, underWay, type RecordOnDisk } from './record-on-disk.ts';

let place: RecordOnDisk;
beforeAll(async () => {
  place = await recordOnDisk();
});
afterAll(() => place.close());

const actors = [alice, bob, clark, dan, erin, guest, mona];

/** Bodies that are often valid. `nth` picks among what the meeting has by then. */
const body = fc.record(
  {
    nth: fc.nat(20),
    stage: fc.constantFrom('a', 'b', 'zzz'),
    minutes: fc.integer({ min: -3, max: 5 }),
    person: fc.constantFrom('alice', 'bob', 'dan', 'nobody', '__proto__'),
    site: fc.constantFrom('hall', 'onsite', 'mobile'),
    kind: fc.constantFrom('speech', 'question', 'topic', 'opinion', 'response', 'figures'),
    card: fc.constantFrom('c1', 'c2', 'c3'),
    lead: fc.constantFrom('dan', 'erin', '区市场监管局'),
    text: fc.constantFrom('好', '补充一句', ' ', '\ud800半个'),
    reason: fc.constantFrom('与议题无关', ''),
    stance: fc.constantFrom('adopt', 'decline'),
    consent: fc.constantFrom(true, true, false),
    on: fc.constantFrom(true, true, false),
    publish: fc.boolean(),
    order: fc.shuffledSubarray(['bob', 'alice', 'dan']),
    name: fc.constant('代会人'),
    why: fc.constant('口误'),
  },
  // without a person it is one's own hand, or whoever is next
  {
    requiredKeys: [
      'nth',
      'stage',
      'minutes',
      'site',
      'kind',
      'card',
      'lead',
      'text',
      'reason',
      'stance',
      'consent',
      'on',
      'order',
      'name',
      'why',
    ],
  },
);

type Body = typeof body extends fc.Arbitrary<infer Value> ? Value : never;

const names = Object.keys(consultationCommands) as CommandName[];
/** What a meeting is made of comes more often, so that the rest finds something to act on. */
const often = [
  'floor.raise',
  'floor.next',
  'opinion.table',
  'opinion.assign',
  'response.record',
  'submission.send',
  'submission.accept',
] as const satisfies CommandName[];
const endings: CommandName[] = ['consultation.end', 'consultation.archive', 'consultation.pause'];

const step = fc.record({
  type: fc.constantFrom<CommandName>(
    ...often,
    ...often,
    ...names.filter((name) => !endings.includes(name)),
  ),
  who: fc.nat(20),
  /** Mostly it is someone whose role allows it. */
  anyone: fc.constantFrom(false, false, false, true),
  body,
  /** Two nodes handle commands in turn and at once: a burst is sent without waiting. */
  node: fc.nat(1),
  burst: fc.boolean(),
});

function actorOf({
  type,
  who,
  anyone,
}: {
  type: CommandName;
  who: number;
  anyone: boolean;
}): Actor {
  const able = actors.filter((actor) => {
    const { person, unit } = actor;
    return can(actor, type, { owners: [person], ...(unit === undefined ? {} : { unit }) });
  });
  const among = anyone ? actors : able;
  return among[who % among.length]!;
}

/** Few are merged: asked at random, a split would hardly ever find one. */
const mergedOf = ({ opinions }: ConsultationState): object =>
  Object.fromEntries(Object.entries(opinions).filter(([, { mergedInto }]) => mergedInto));

/** The body with ids of things that exist: what is asked for by number is looked up in the state. */
function filledIn(type: CommandName, state: ConsultationState, { nth, ...rest }: Body): object {
  const pick = (entries: object, name: string, at = nth) => {
    const ids = Object.keys(entries);
    return ids.length === 0 ? {} : { [name]: ids[at % ids.length] };
  };
  return {
    ...rest,
    ...pick(type === 'opinion.split' ? mergedOf(state) : state.opinions, 'opinion'),
    ...pick(state.responses, 'response'),
    ...pick(state.submissions, 'submission'),
    ...pick(rest.kind === 'response' ? state.responses : state.opinions, 'ref'),
    ...pick(state.opinions, 'into', nth + rest.order.length),
  };
}

test(
  '[LOG6] folding the stored events of any sequence of commands gives the state that was served, on a whole chain',
  { timeout: 120_000 },
  async () => {
    const happened = new Set<string>();
    const { sql } = place.database;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 100 }), async (steps) => {
        for (const table of ['event', 'stream_head', 'receipt', 'personal_text'] as const)
          await sql.deleteFrom(table).execute();
        const nodes = [place.node(), place.node()];
        await underWay(nodes[0]!);
        let sent: Promise<unknown>[] = [];
        for (const [index, step] of steps.entries()) {
          const to = nodes[step.node]!;
          const data = filledIn(step.type, (await to.open('m1'))!.state, step.body);
          sent.push(send(to, actorOf(step), step.type, data, `k-${index}`));
          if (step.burst) continue;
          await Promise.all(sent);
          sent = [];
        }
        await Promise.all(sent);
        const stored = (await place.store.read(streamOf('m1'), 0)) as RecordedConsultationEvent[];
        for (const node of nodes) {
          await node.refresh('m1');
          const served = (await node.open('m1'))!;
          expect(stored.reduce(evolve, initialState)).toEqual(served.state);
          expect(stored).toEqual(served.events);
        }
        expect(await verifyStream(place.store.envelopes(streamOf('m1')))).toMatchObject({
          whole: true,
          events: stored.length,
        });
        for (const { type } of stored) happened.add(type);
      }),
      { numRuns: 80 },
    );
    // a property that refuses everything proves nothing
    expect([...happened]).toEqual(
      expect.arrayContaining([
        'floor.advanced',
        'opinion.tabled',
        'opinion.published',
        'opinion.supported',
        'opinion.merged',
        'response.recorded',
        'response.published',
        'submission.accepted',
        'submission.declined',
      ]),
    );
  },
);
