// A power cut between what the record says of groups and what the board shows of them. The server is killed as soon as
// the moderator has the answer, again and again: whatever moment that is, the board ends as the record says.
// KILLS=200 for the long count.
import { expect, test } from 'vitest';
import { enter } from '../../scripts/demonstration/participant.ts';
import { groupLane } from '../../shared/board/group-lanes.ts';
import { addCard, cardText, readCard, readLanes } from '../../shared/board/schema.ts';
import { apartIn, inOrderFormed } from '../../shared/consultation/groups.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';

const rounds = Number(process.env['KILLS'] ?? 3);

async function desk({ links }: StartedServer) {
  const mona = await enter(links.demo.moderator, links.demo.consultation);
  return { mona, ...(await mona.board()) };
}

const laneOf = (title: string, { doc }: Awaited<ReturnType<typeof desk>>) =>
  readLanes(doc).filter((lane) => lane.title === title);

test(
  `[GRP4] groups formed and collected through ${rounds * 2} power cuts have one lane each, and every card comes along`,
  { timeout: 60_000 + rounds * 30_000 },
  async () => {
    const server = await startServer();
    try {
      for (let round = 0; round < rounds; round += 1) {
        const before = await desk(server);
        const people = Object.values(before.mona.state().roster).filter(
          ({ role }) => role === 'member',
        );
        const groups = people
          .slice(0, 2)
          .map(({ id }, index) => ({ title: `${round}.${index}`, members: [id] }));
        const lanes = readLanes(before.doc).length;
        expect(await before.mona.send('group.form', { groups })).toHaveProperty('ok');
        await server.kill('SIGKILL');
        before.mona.leave();
        await server.restart();

        const apart = await desk(server);
        await expect.poll(() => readLanes(apart.doc).length).toBe(lanes + 2);
        for (const { title } of groups) expect(laneOf(title, apart)).toHaveLength(1);
        const ids = apartIn(apart.mona.state().groups).map(({ id }) => id);
        const cards = ids.map((group, index) => ({ group, card: `${round}-${index}` }));
        for (const { group, card } of cards) {
          const author = apart.mona.me.person;
          const place = { id: card, lane: groupLane(group), author, createdAt: 1 };
          addCard(apart.doc, { ...place, text: `组内意见 ${card}` });
        }
        // someone else sees them: they are on disk
        const witness = await enter(server.links.demo.observer, server.links.demo.consultation);
        const seen = await witness.board();
        await expect.poll(() => cards.every(({ card }) => readCard(seen.doc, card))).toBe(true);
        witness.leave();
        expect(await apart.mona.send('group.collect', {})).toHaveProperty('ok');
        await server.kill('SIGKILL');
        apart.mona.leave();
        await server.restart();

        const after = await desk(server);
        const origins = () => cards.map(({ card }) => readCard(after.doc, card)?.origin);
        await expect.poll(origins).toEqual(ids);
        expect(readLanes(after.doc).filter(({ kind }) => kind === 'group')).toEqual([]);
        for (const { card } of cards) {
          expect(readLanes(after.doc).map(({ id }) => id)).toContain(
            readCard(after.doc, card)!.lane,
          );
          expect(cardText(after.doc, card)).toBe(`组内意见 ${card}`);
        }
        expect(inOrderFormed(after.mona.state().groups)).toHaveLength((round + 1) * 2);
        after.mona.leave();
      }
    } finally {
      await server.stop();
    }
  },
);
