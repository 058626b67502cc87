import type {
  PlannedStage,
  Stage,
  StageKind,
  StageScreen,
} from '../../shared/consultation/stage.ts';

/** One stage as it is being written. */
export interface StageRow {
  readonly id: string;
  readonly begun: boolean;
  title: string;
  kind: StageKind;
  minutes: number | null;
  speechMinutes: number | null;
  switches: PlannedStage['switches'];
}

const rowOf = (stage: PlannedStage & Partial<Pick<Stage, 'begun'>>): StageRow => ({
  id: stage.id,
  begun: stage.begun ?? false,
  title: stage.title,
  kind: stage.kind,
  minutes: stage.minutes,
  speechMinutes: stage.speechMinutes ?? null,
  switches: stage.switches,
});

/** Without Svelte's proxies. `$state.snapshot` would bring structuredClone, which old browsers lack. */
const plain = (switches: PlannedStage['switches']): PlannedStage['switches'] =>
  switches && (JSON.parse(JSON.stringify(switches)) as PlannedStage['switches']);

/** An agenda that someone is writing; nothing of it counts until it is saved. */
export class AgendaDraft {
  rows = $state<StageRow[]>([]);
  readonly total = $derived(this.rows.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0));
  readonly whole = $derived(
    this.rows.length > 0 &&
      this.rows.every(
        ({ title, minutes, speechMinutes }) =>
          title.trim() !== '' &&
          minutes !== null &&
          minutes >= 0 &&
          minutes <= 600 &&
          (speechMinutes === null || (speechMinutes >= 0.5 && speechMinutes <= 120)),
      ),
  );
  readonly #before: readonly StageRow[];

  constructor(stages: readonly (PlannedStage & Partial<Pick<Stage, 'begun'>>)[]) {
    this.rows = stages.map(rowOf);
    this.#before = stages.map(rowOf);
  }

  add(title: string): void {
    const id = `n${Date.now().toString(36)}`;
    const row = { id, begun: false, title, kind: 'other' as const, minutes: 5 };
    this.rows.push({ ...row, speechMinutes: null, switches: undefined });
  }

  remove(id: string): void {
    this.rows = this.rows.filter((row) => row.id !== id || row.begun);
  }

  /** What has begun stays, and nothing passes it. */
  mayMove(index: number, by: number): boolean {
    const [row, other] = [this.rows[index], this.rows[index + by]];
    return row !== undefined && other !== undefined && !row.begun && !other.begun;
  }

  move(index: number, by: number): void {
    if (!this.mayMove(index, by)) return;
    const rows = [...this.rows];
    const [row] = rows.splice(index, 1);
    if (row) rows.splice(index + by, 0, row);
    this.rows = rows;
  }

  setScreen(row: StageRow, screen: StageScreen | undefined): void {
    const { screen: _before, ...others } = row.switches ?? {};
    row.switches = screen === undefined ? others : { ...others, screen };
  }

  /**
   * What is to be saved. Where this draft changed nothing, what the meeting has changed meanwhile stays: minutes that
   * were added while someone was writing are not taken back.
   */
  stages(live: readonly PlannedStage[] = []): PlannedStage[] {
    return this.rows.map((row) => {
      const [before, now] = [
        this.#before.find(({ id }) => id === row.id),
        live.find(({ id }) => id === row.id),
      ];
      const minutes = now && row.minutes === before?.minutes ? now.minutes : (row.minutes ?? 0);
      const { speechMinutes, id, kind } = row;
      const untouched = JSON.stringify(row.switches) === JSON.stringify(before?.switches);
      const switches = now && untouched ? now.switches : plain(row.switches);
      return {
        id,
        title: row.title.trim(),
        kind,
        minutes,
        ...(speechMinutes === null ? {} : { speechMinutes }),
        ...(switches === undefined ? {} : { switches }),
      };
    });
  }
}
