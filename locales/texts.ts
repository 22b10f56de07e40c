import { en } from './en/index.ts';
import type { Language } from './formats.ts';

import { nl } from './nl/index.ts';

export type Texts = typeof en;

/** Every word on screen, in a language. */
export const texts = (language: Language): Texts => (language === 'nl' ? nl : en);
export type { Language };
