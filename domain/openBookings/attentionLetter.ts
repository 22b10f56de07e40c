import type { Sql } from 'postgres';
import { type Carrier, CarrierError } from '../../gateways/carrier.ts';
import type { Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { countAttention } from './attention.ts';

/** From this local hour on managers are written to. */
const fromHour = 8;
/** A letter that could not leave for so long has become old news. */
const goodForHours = 12;
const againAfterMinutes = 5;

interface Manager {
  practiceId: string;
  userId: string;
  day: string;
  recipient: string;
  language: Language;
}

/**
 * Writes today's letter to the managers of each practice that wants one and has something that needs attention: once a
 * local day, however many workers ask. Names nobody but the page.
 */
export async function writeAttentionLetters(sql: Sql, publicUrl: string): Promise<void> {
  const managers = await sql<Manager[]>`
    select p.id as "practiceId", u.id as "userId", today.day::text, u.email as recipient, u.language
    from practices p cross join lateral (select (now() at time zone p.time_zone)::date as day) as today
    join users u on u.practice_id = p.id and u.role = 'manager' and u.active
    where p.attention_email and extract(hour from now() at time zone p.time_zone) >= ${fromHour}
      and not exists (select from attention_letters l where l.practice_id = p.id and l.user_id = u.id and l.day = today.day)`;
  const counts = new Map<string, number>();
  for (const { practiceId, userId, day, recipient, language } of managers) {
    const count = counts.get(practiceId) ?? (await countAttention(sql, practiceId));
    counts.set(practiceId, count);
    if (count === 0) continue;
    const words = texts(language).openBookings.letter;
    await sql`
      insert into attention_letters (practice_id, user_id, day, recipient, language, subject, body)
      values (${practiceId}, ${userId}, ${day}, ${recipient}, ${language}, ${words.subject(count)}, ${words.body(count, `${publicUrl}/bookings?attention=1`)})
      on conflict (practice_id, user_id, day) do nothing`;
  }
}

/**
 * Sends the letters that wait. Each is leased to one worker at a time, and its id is the carrier's idempotency key.
 * @returns how many a carrier took
 */
export async function sendAttentionLetters(sql: Sql, carrier: Carrier): Promise<number> {
  const leased = await sql<{ id: string; recipient: string; subject: string; body: string; sender: string }[]>`
    update attention_letters l set attempts = attempts + 1,
      next_attempt_at = clock_timestamp() + make_interval(mins => ${againAfterMinutes})
    from practices p
    where p.id = l.practice_id and l.id in (
      select id from attention_letters where sent_at is null and failed_at is null
        and created_at > now() - make_interval(hours => ${goodForHours})
        and (next_attempt_at is null or next_attempt_at <= clock_timestamp()) for update skip locked)
    returning l.id, l.recipient, l.subject, l.body, p.email_sender_name as sender`;
  let taken = 0;
  for (const { id, recipient, subject, body, sender } of leased) {
    try {
      const { carrierId } = await carrier.send({
        id,
        to: recipient,
        senderName: sender,
        replyTo: null,
        subject,
        text: body,
        html: null,
        attachments: [],
      });
      await sql`update attention_letters set sent_at = clock_timestamp(), carrier_id = ${carrierId}, reason = null where id = ${id}`;
      taken++;
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      const isFinal = error.kind === 'permanent';
      await sql`update attention_letters set reason = ${error.reason}, failed_at = ${isFinal ? sql`clock_timestamp()` : null} where id = ${id}`;
    }
  }
  return taken;
}
