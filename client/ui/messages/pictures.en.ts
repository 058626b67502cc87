import type { pictures as chinese } from './pictures.ts';
import type { Translated } from './translated.ts';

export const pictures: Translated<typeof chinese> = {
  pictures: 'Pictures',
  nth: (index, count) => `Picture ${index} of ${count}`,
  view: 'View the picture',
  previous: 'Previous',
  next: 'Next',
  failed: 'The picture could not be loaded',
  retry: 'Try again',
  add: 'Add a picture',
  full: (most) => `A card holds ${most} pictures.`,
  tooMany: (most, left) => `A card holds ${most} pictures; ${left} more were not added.`,
  remove: 'Remove the picture',
  removeSure: 'Yes, remove it',
  removed: 'Picture removed',

  preparing: 'Preparing',
  sending: (percent) => `Uploading ${percent}%`,
  finishing: 'Checking',
  waiting: 'Offline: goes on by itself',
  paused: (percent) => `Paused at ${percent}%`,
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel',
  close: 'Close',
  progress: (name) => `Upload of ${name}`,
  notKept: 'This browser can’t keep the picture: please leave the page open until it is uploaded.',
  unreadable: 'The picture can’t be opened. Please save it as JPEG, or take a screenshot of it.',
};
