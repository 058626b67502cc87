import type { FastifyInstance } from 'fastify';
import type { EnterBy, FilesParts } from './parts.ts';
import { pictureRoutes } from './picture-routes.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { uploadRoutes } from './upload-routes.ts';
import { createUploads, type Uploads } from './uploads.ts';

export interface Files extends Pick<Pictures, 'cardsRemoved' | 'keptOn'> {
  addRoutes(http: FastifyInstance, doors: { enter: EnterBy; enterOrScreen: EnterBy }): void;
  /** Does what is due; called now and then by itself. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;

/** Pictures and their uploads, on a node. */
export function createFiles(parts: FilesParts): Files {
  const { log } = parts;
  const pictures: Pictures = createPictures(parts);
  const uploads: Uploads = createUploads(parts, pictures);
  let sweeping: Promise<void> | undefined;

  const sweep = async (): Promise<void> => {
    await uploads.sweep();
    await pictures.sweep();
  };
  const timer = setInterval(() => {
    sweeping ??= sweep()
      .catch((fault: unknown) => log.error({ err: fault }, 'pictures: the sweep failed'))
      .finally(() => (sweeping = undefined));
  }, SWEEP_EVERY_MS);

  return {
    cardsRemoved: (consultation, cards) => pictures.cardsRemoved(consultation, cards),
    keptOn: (consultation, card) => pictures.keptOn(consultation, card),
    sweep,
    addRoutes(http, { enter, enterOrScreen }) {
      pictureRoutes(http, { pictures, enter, enterOrScreen });
      // apart: a body that comes in pieces is read so here and nowhere else
      void http.register(async (scope) => uploadRoutes(scope, { uploads, enter }));
    },
    async close() {
      clearInterval(timer);
      await sweeping;
      await uploads.idle();
    },
  };
}
