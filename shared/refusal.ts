/** A refusal is a value: the request was understood and will not be done. Faults are thrown instead. */
export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence in the user's language; filled in by the transport. */
  readonly message?: string;
  /** Path of the field at fault, for forms: `commitments.0.officer`. */
  readonly field?: string;
}

export interface Refused {
  readonly refused: Refusal;
}

/** Every reason for saying no: HTTP status, and the sentence in both languages. */
export const refusals = {
  invalid: [
    422,
    '内容不符合要求，请检查后重试。',
    'The content is not valid. Please check it and try again.',
  ],
  unknown_command: [422, '系统不认识这个操作。', 'This command does not exist.'],
  too_large: [413, '内容超过允许的长度。', 'The content is larger than allowed.'],
  not_logged_in: [
    401,
    '请先通过邀请链接或二维码进入。',
    'Please enter by your invitation link or the QR code first.',
  ],
  forbidden: [403, '您的身份不能进行这个操作。', 'Your role does not allow this.'],
  bad_origin: [403, '请求来源不被允许。', 'Requests from this origin are not allowed.'],
  not_found: [404, '没有找到。', 'Not found.'],
  invitation_used: [
    409,
    '此邀请已在另一台设备上使用，请联系工作人员重新发放。',
    'This invitation is already bound to another device. Ask the staff for a new one.',
  ],
  someone_else: [
    409,
    '此浏览器已登录为另一人。要切换身份吗？',
    'This browser is already someone else. Switch?',
  ],
  conflict: [409, '当前状态下不能这样做。', 'This cannot be done in the present state.'],
  not_open: [
    409,
    '商量尚未开始、已暂停或已结束。',
    'The consultation is not open, paused, or has ended.',
  ],
  already: [409, '已经完成，无需重复。', 'This has already been done.'],
  text_changed: [
    409,
    '草稿刚刚有改动，请核对后再提交。',
    'The draft has just changed. Please look at it again before tabling it.',
  ],
  empty_text: [422, '请先写内容。', 'Please write something first.'],
  already_tabled: [409, '这条意见已经提交。', 'This opinion has already been tabled.'],
  merged: [
    409,
    '这条意见已并入另一条，请在主意见上办理，或者先拆出。',
    'This opinion is merged into another. Act on that one, or split it first.',
  ],
  not_assigned: [409, '这条意见没有交给您的单位。', 'This opinion is not assigned to your unit.'],
  not_released: [
    409,
    '尚未发布的内容不能上大屏。',
    'Only released content can be shown on the big screen.',
  ],
  not_confirmed: [
    409,
    '须由部门确认文字后才能发布。',
    'The department has to confirm the text before it is published.',
  ],
  asked_already: [409, '每条回应只能追问一次。', 'A response can be asked back once.'],
  queue_empty: [409, '没有人等候发言。', 'Nobody is waiting to speak.'],
  nothing_to_undo: [409, '没有可以撤回的操作。', 'There is nothing to undo.'],
  reason_needed: [422, '请说明理由。', 'Please give the reason.'],
  consent_needed: [422, '请先阅读并同意说明。', 'Please read and accept the notice first.'],
  too_many: [429, '操作太频繁，请稍后再试。', 'Too many requests. Please try again shortly.'],
  busy: [409, '系统繁忙，正在重试。', 'The system is busy; it will be tried again.'],
  outdated: [409, '页面版本过旧，请刷新。', 'This page is outdated. Please reload it.'],
  picture_unknown: [
    422,
    '这个文件不是图片。请选择 JPEG、PNG 或 WebP 格式的图片。',
    'This file is not a picture. Please choose a JPEG, PNG or WebP.',
  ],
  picture_format: [
    422,
    '这种图片格式暂不支持。请另存为 JPEG，或截屏后再添加。',
    'This kind of picture is not supported. Please save it as JPEG, or take a screenshot of it.',
  ],
  picture_damaged: [
    422,
    '图片不完整或已损坏。请重新导出，或重新拍一张。',
    'The picture is incomplete or damaged. Please export it again, or take a new one.',
  ],
  picture_too_many_pixels: [
    422,
    '图片的像素太多。请缩小到 5000 万像素以内再添加。',
    'The picture has too many pixels. Please scale it down to 50 megapixels.',
  ],
  picture_too_large: [
    413,
    '图片超过 10 MB。请压缩，或截屏后再添加。',
    'The picture is larger than 10 MB. Please compress it, or take a screenshot of it.',
  ],
  pictures_full: [
    409,
    '图片已经放满：一张卡片最多 6 张。请先移除不需要的图片。',
    'No room for more pictures: a card holds 6. Please remove one first.',
  ],
  read_only: [
    503,
    '存储空间已满，暂时只能查看。',
    'Storage is full: the room is read-only for now.',
  ],
} as const satisfies Record<string, readonly [status: number, zh: string, en: string]>;

export type RefusalCode = keyof typeof refusals;
export type Language = 'zh-CN' | 'en';

export function refuse(code: RefusalCode, field?: string): Refused {
  return { refused: field === undefined ? { code } : { code, field } };
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

export const statusOf = (code: RefusalCode): number => refusals[code][0];

/** The refusal as a person reads it. */
export function inWords(
  refusal: Refusal,
  language: Language,
): Refusal & { readonly message: string } {
  const [, zh, en] = refusals[refusal.code];
  return { ...refusal, message: language === 'en' ? en : zh };
}
