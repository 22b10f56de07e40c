import { tally } from '../tally.ts';

/** Who wants which provider's time. */
export interface RivalWish {
  providerId: string | null;
  startsAt: Date;
  /** The same one is no rival of oneself: a booking, or a patient. */
  by: string;
}

interface Asking {
  by: string;
  /** Settles when the claim has committed or failed; never rejects. */
  won: Promise<boolean>;
}

const asking = new Map<string, Asking>();

/**
 * Lets one of those who want the same time from this process ask the book; the others wait for the answer. Whoever waited
 * while another won is told so without a word to the database: the winner has committed, and lengths do not matter where the
 * start and the provider are the same. Whoever waited for nothing asks for themselves. Between processes the book judges.
 * @param claim claims the time and commits
 */
export async function amongRivals<Answer extends { taken: boolean }>(
  { providerId, startsAt, by }: RivalWish,
  claim: () => Promise<Answer>,
): Promise<Answer | { taken: true }> {
  const time = `${providerId} ${startsAt.getTime()}`;
  const rival = asking.get(time);
  if (rival) {
    if (rival.by === by || !(await rival.won)) return claim();
    tally('claims_lost');
    return { taken: true };
  }

  const answer = claim();
  const won = answer.then(
    ({ taken }) => !taken,
    () => false,
  );
  asking.set(time, { by, won });
  try {
    return await answer;
  } finally {
    asking.delete(time);
  }
}
