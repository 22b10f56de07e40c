import type { EngineState } from '../../domain/engine/state.ts';
import type { Viewer } from '../reader.ts';

/** How the machinery behind the bookings fares. */
export function EngineSection({ viewer, engine }: { viewer: Viewer; engine: EngineState }) {
  const { t, f } = viewer;
  const words = t.openBookings.engine;
  const { relay, sweep, workers, database, carriers } = engine;
  const facts: [string, string][] = [
    [words.workers, workers.length === 0 ? words.noWorker : words.workersSeen(workers.length)],
    [
      words.relay,
      relay.waiting === 0 ? words.relayEmpty : words.relayWaiting(relay.waiting, Math.ceil(relay.lagSeconds)),
    ],
    [words.parked, f.integer(relay.parked)],
    [words.sweep, sweep ? words.sweptAt(f.dateTime(sweep.at), sweep.started) : words.never],
    [words.database, words.databaseAnswers(database.version, database.answeredInMs)],
    ...carriers.map(({ channel, lastSentAt }): [string, string] => [
      words.carrier(t.common.byChannel[channel]),
      lastSentAt ? f.dateTime(lastSentAt) : words.never,
    ]),
  ];
  return (
    <section class="card engine" aria-labelledby="engine-title">
      <h2 id="engine-title">{words.title}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
