import type { Reader } from '../reader.ts';

/** Every form that writes carries it. */
export const Csrf = ({ reader }: { reader: Reader }) => <input type="hidden" name="_csrf" value={reader.csrf()} />;
