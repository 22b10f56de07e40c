import type { Sql } from 'postgres';

export type PeerActivities = ReturnType<typeof createPeerActivities>;

export const createPeerActivities = (sql: Sql) => ({
  async insertRow(run: string, step: string): Promise<void> {
    await sql`insert into peer_rows (run, step) values (${run}, ${step})`;
  },
});
