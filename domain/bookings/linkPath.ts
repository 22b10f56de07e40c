export type LinkPurpose = 'choose' | 'appointment';

/** 132 bits in base64url characters. */
export const tokenLength = 22;

/** Where a patient's link leads, below the public address. */
export const linkPath = (purpose: LinkPurpose, token: string): string =>
  `/${purpose === 'choose' ? 'b' : 'a'}/${token}`;
