import { layFirstLanes } from '../../shared/board/first-lanes.ts';
import { usualAgenda } from '../../shared/consultation/usual-agenda.ts';
import { hosts, type Sample, type SamplePerson } from './content/sample.ts';
import { beginStory, systemActor, type SeedParts, type Story } from './seed-parts.ts';

export const everyoneIn = (sample: Sample): readonly SamplePerson[] => [...hosts, ...sample.people];

/** A consultation with its agenda and its people, before anyone has come. */
export async function prepare(
  sample: Sample,
  parts: SeedParts,
  times: { readonly at: number; readonly startsAt: number },
): Promise<Story> {
  const story = await beginStory(sample, parts, times);
  await story.tell(systemActor, 'agenda.set', {
    stages: usualAgenda.map((stage) => ({ ...stage })),
  });
  await parts.editBoard(story.id, systemActor, (doc) => layFirstLanes(doc, sample.form));
  for (const person of everyoneIn(sample)) {
    const { id, name, role, unit, title, site } = person;
    await parts.addPerson(name, id);
    const participant = { name, role, unit, title, site };
    await story.tell(systemActor, 'participant.add', { person: id, participant });
  }
  return story;
}
