import type { ProviderKey } from './house.ts';

/** Small drawn portraits: shapes, nobody's likeness. */
interface Look {
  backdrop: string;
  coat: string;
  skin: string;
  hair: string;
  /** Drawn behind the head, then before it. */
  behind: string;
  before: string;
}

const looks: Record<ProviderKey, Look> = {
  dentist: {
    backdrop: '#cfe8e6',
    coat: '#ffffff',
    skin: '#f0c8a4',
    hair: '#8a4b2a',
    behind: '<path d="M58 66q0-40 42-40t42 40v48q0 14-14 14H72q-14 0-14-14z"/>',
    before: '<path d="M66 72q2-34 34-34t34 34q-22-2-34-18-10 16-34 18z"/>',
  },
  secondDentist: {
    backdrop: '#dfe3f5',
    coat: '#e8f1fa',
    skin: '#a8714a',
    hair: '#2b2420',
    behind: '<path d="M64 70q-4-42 36-42t36 42z"/>',
    before:
      '<path d="M66 66q4-30 34-30t34 30q-14-12-34-12T66 66z"/><path d="M72 92q4 36 28 36t28-36q-4 20-28 20T72 92z"/>',
  },
  hygienist: {
    backdrop: '#f7e4d3',
    coat: '#d9efe3',
    skin: '#f6d6ba',
    hair: '#d9b25f',
    behind: '<circle cx="100" cy="30" r="16"/><path d="M62 76q-2-46 38-46t38 46z"/>',
    before: '<path d="M66 70q2-32 34-32t34 32q-8-14-34-14T66 70z"/>',
  },
};

export function portraitOf(provider: ProviderKey): Uint8Array {
  const { backdrop, coat, skin, hair, behind, before } = looks[provider];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200">
<rect width="200" height="200" fill="${backdrop}"/>
<g fill="${hair}">${behind}</g>
<path d="M28 200q4-56 52-60h40q48 4 52 60z" fill="${coat}"/>
<path d="M84 118h32v24q-16 18-32 0z" fill="${skin}"/>
<path d="M80 140l20 26 20-26 8 3-28 40-28-40z" fill="#2f7f86"/>
<ellipse cx="100" cy="84" rx="34" ry="40" fill="${skin}"/>
<g fill="${hair}">${before}</g>
<g fill="#33302e"><circle cx="88" cy="86" r="3.4"/><circle cx="112" cy="86" r="3.4"/></g>
<path d="M88 104q12 11 24 0" fill="none" stroke="#33302e" stroke-width="3" stroke-linecap="round"/>
</svg>`;
  return new TextEncoder().encode(svg);
}
