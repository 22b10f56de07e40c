import type { Reader } from '../reader.ts';

/** Every form that writes carries it. */
export const Csrf = ({ reader }: { reader: Pick<Reader, 'csrf'> }) => (
  <input type="hidden" name="_csrf" value={reader.csrf()} />
);
