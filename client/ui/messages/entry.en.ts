import type { entry as source } from './entry.ts';
import type { Translated } from './translated.ts';

export const entry: Translated<typeof source> = {
  tagline: 'What concerns all is talked over by all',
  enter: 'Enter a consultation',
  codeTitle: 'Citizens',
  codeHint: 'Enter the eight characters shown in the hall, or scan the QR code.',
  codeLabel: 'Code',
  codePlaceholder: 'like 7K3M 9QXA',
  codeGo: 'Enter',
  codeWrong: 'A code is eight digits and letters. Please check it.',
  invitedTitle: 'Participants',
  invitedHint: 'Open the invitation link that the staff sent you; this device will remember you.',
  welcome: (name) => `Welcome, ${name}`,
  guest: 'You take part as a citizen.',
  mine: 'My consultations',
  mineNone: 'You take part in no consultation yet.',
  toRoom: 'Enter the room',
  toDesk: 'Desk',
  toOffice: 'The office',
  leave: 'Log out',
  leaveSure: 'To come back you will need your invitation link. Log out?',
  left: 'Logged out',
  entering: 'Entering…',
  switchTitle: 'Become someone else?',
  switchText: (name) =>
    `This browser is “${name}” now. If you go on, it becomes the person of the invitation.`,
  switchTextUnknown:
    'This browser is already someone else. If you go on, it becomes the person of the invitation.',
  switchYes: 'Switch',
  switchNo: 'Stay as I am',
  refusedTitle: 'You could not enter',
  unknownInvitation:
    'This invitation is not valid any more. Check that the link is complete, or ask the staff for a new one.',
  usedInvitation:
    'An invitation works on one device only. If you changed phone or browser, ask the staff for a new one.',
  waitMoment: 'Too many attempts. Please try again in a minute.',
  startsAt: (time) => `starts ${time}`,
};
