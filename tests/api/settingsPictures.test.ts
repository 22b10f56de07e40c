import { crc32 } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let manager: Browser;
let page: string;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
  manager = await signIn(app, built.users.manager);
  page = `/settings/providers/${built.providers[0]!.id}`;
  await manager.get(page);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const drawn = (width = 400, height = 300) =>
  sharp({ create: { width, height, channels: 4, background: { r: 0, g: 120, b: 120, alpha: 0.5 } } });
const kept = async () =>
  (await db.sql`select picture, picture_type from providers where id = ${built.providers[0]!.id}`)[0]!;
const upload = (picture: Uint8Array, more = {}) => manager.post(`${page}/picture`, { picture, ...more });

/** A PNG that claims to be a square of this edge. */
function enlarged(png: Buffer, edge: number): Buffer {
  const claiming = Buffer.from(png);
  claiming.writeUInt32BE(edge, 16);
  claiming.writeUInt32BE(edge, 20);
  claiming.writeUInt32BE(crc32(claiming.subarray(12, 29)), 29);
  return claiming;
}

/** Asks with a body of the test's own. */
const sendRaw = (payload: Buffer | string, type: string, url = `${page}/picture`, browser = manager) =>
  app.inject({
    method: 'POST',
    url,
    payload,
    headers: {
      host: 'localhost',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'content-type': type,
    },
  });

describe('a provider’s picture', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'is taken as %s, and shown to patients as a square WebP',
    async (format) => {
      const answer = await upload(await drawn().toFormat(format).toBuffer());
      expect([answer.statusCode, answer.headers.location]).toEqual([303, page]);
      const shown = await visitor(app).get(`/providers/${built.providers[0]!.id}/picture`);
      expect(shown.statusCode).toBe(200);
      expect(shown.headers).toMatchObject({
        'content-type': 'image/webp',
        'x-content-type-options': 'nosniff',
        'cache-control': 'public, no-cache',
      });
      expect(shown.headers.etag).toMatch(/^"[\w-]{16,}"$/);
      expect(shown.headers['content-security-policy']).toContain("img-src 'self'");
      expect(await sharp(shown.rawPayload).metadata()).toMatchObject({ format: 'webp', width: 288, height: 288 });
      const again = await visitor(app).get(`/providers/${built.providers[0]!.id}/picture`, {
        headers: { 'if-none-match': String(shown.headers.etag) },
      });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    },
  );

  it('is another one under another tag', async () => {
    const tags = [];
    for (const background of ['red', 'blue']) {
      await upload(
        await sharp({ create: { width: 99, height: 99, channels: 3, background } })
          .png()
          .toBuffer(),
      );
      tags.push((await visitor(app).get(`/providers/${built.providers[0]!.id}/picture`)).headers.etag);
    }
    expect(tags[0]).not.toBe(tags[1]);
  });

  it('tells nothing of where and when it was taken', async () => {
    const secret = 'Taken at Voorbeeldkade 1';
    const photo = await drawn()
      .jpeg()
      .withExif({ IFD0: { ImageDescription: secret, Artist: secret }, IFD3: { GPSLatitude: '52/1 22/1 0/1' } })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- ${secret} --></x:xmpmeta>`)
      .toBuffer();
    expect(photo.toString('latin1')).toContain(secret);
    expect((await upload(photo)).statusCode).toBe(303);
    const { picture } = await kept();
    expect(Buffer.from(picture).toString('latin1')).not.toContain(secret);
    const { exif, xmp, icc, iptc } = await sharp(picture).metadata();
    expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('stands upright however the camera was held', async () => {
    // Left half red; turned by the camera's note, red comes to stand on top.
    const red = await sharp({ create: { width: 100, height: 200, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const photo = await sharp({ create: { width: 200, height: 200, channels: 3, background: 'blue' } })
      .composite([{ input: red, left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    await upload(photo);
    const { data, info } = await sharp((await kept()).picture)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3),
    ];
    expect(at(200, 20)[0]).toBeGreaterThan(200);
    expect(at(20, 250)[2]).toBeGreaterThan(200);
  });

  it('is removed again, and the initials stand there', async () => {
    await upload(await drawn().png().toBuffer());
    expect((await manager.get(page)).body).toContain('Remove the picture');
    expect((await manager.post(`${page}/picture/removal`)).headers.location).toBe(page);
    expect(await kept()).toEqual({ picture: null, picture_type: null });
    expect((await manager.get(page)).body).not.toContain('Remove the picture');
    expect((await visitor(app).get(`/providers/${built.providers[0]!.id}/picture`)).statusCode).toBe(404);
  });

  it('is not taken when it is none, whatever its name says, and the page says so at the field', async () => {
    await upload(await drawn().png().toBuffer());
    const before = await kept();
    const png = await drawn().png().toBuffer();
    for (const [said, file, message] of [
      ['a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'not a PNG'],
      ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'not a PNG'],
      ['a GIF', await drawn().gif().toBuffer(), 'not a PNG'],
      ['a TIFF', await drawn().tiff().toBuffer(), 'not a PNG'],
      ['half a picture', png.subarray(0, png.length / 2), 'can’t be read'],
      ['a PNG’s beginning', Buffer.concat([png.subarray(0, 8), Buffer.alloc(500, 'x')]), 'can’t be read'],
      ['a RIFF that is no WebP', Buffer.from('RIFF....WAVEfmt '), 'not a PNG'],
      ['too small', await drawn(71, 300).png().toBuffer(), 'can’t be read'],
      ['far too many pixels', enlarged(png, 30_000), 'can’t be read'],
      ['nothing', Buffer.alloc(0), 'This is required'],
      ['too large', Buffer.concat([png, Buffer.alloc(6_000_000)]), 'larger than 5 MB'],
    ] as const) {
      const answer = await upload(file);
      expect(answer.statusCode, said).toBe(422);
      expect(answer.body, said).toMatch(new RegExp(`id="field-picture-error"[^>]*>[^<]*${message}`));
      expect(answer.body, said).toMatch(/name="picture"[^>]*aria-invalid="true"/);
    }
    expect(await kept()).toEqual(before);
  });

  it('is told so in Dutch', async () => {
    const nl = await signIn(app, built.users.manager);
    await nl.post('/language', { language: 'nl' });
    expect((await nl.post(`${page}/picture`, { picture: Buffer.from('x') })).body).toContain('Dit is geen PNG-');
    await nl.post('/language', { language: 'en' });
  });

  it('comes with its form’s token, of managers, for a provider of the practice', async () => {
    const picture = await drawn().png().toBuffer();
    const before = await kept();
    for (const token of ['', 'made-up']) {
      const { statusCode, body } = await upload(picture, { _csrf: token });
      expect(statusCode).toBe(403);
      expect(body).toContain('This form has become too old');
    }
    for (const user of [built.users.receptionist, built.users.provider]) {
      const browser = await signIn(app, user);
      await browser.get('/book');
      expect((await browser.post(`${page}/picture`, { picture })).statusCode).toBe(403);
      expect((await browser.post(`${page}/picture/removal`)).statusCode).toBe(403);
    }
    const stranger = await visitor(app).post(`${page}/picture`, { picture });
    expect(stranger.headers.location).toMatch(/^\/sign-in/);
    const other = await buildPractice(db);
    const theirs = `/settings/providers/${other.providers[0]!.id}/picture`;
    expect((await manager.post(theirs, { picture })).statusCode).toBe(404);
    expect((await manager.post(`${theirs}/removal`)).statusCode).toBe(404);
    expect((await upload(picture, { surprise: 'x' })).statusCode).toBe(422);
    expect((await manager.post(`${page}/picture`, {})).statusCode).toBe(422);
    expect(await kept()).toEqual(before);
  });

  it('is refused as a body that is none', async () => {
    const before = await kept();
    const type = 'multipart/form-data; boundary=x';
    for (const [payload, contentType, status] of [
      ['', type, [400, 403]],
      ['--x\r\ncontent-disposition: form-data; name="picture"; filename="a"\r\n\r\nhalf', type, [400]],
      ['--x--', 'multipart/form-data', [400, 406]],
      ['nothing of the kind', type, [400, 403]],
      ['{}', 'application/json', [415]],
      [Buffer.alloc(10_000_000, 'x'), 'application/x-www-form-urlencoded', [413]],
    ] as const) {
      const answer = await sendRaw(payload, contentType);
      expect(status, `${contentType} ${String(payload).slice(0, 30)} ${answer.statusCode}`).toContain(
        answer.statusCode,
      );
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.body).not.toMatch(/node_modules|Error:|busboy|boundary/i);
    }
    const large = await sendRaw(Buffer.alloc(33 * 1024 * 1024), type);
    expect(large.statusCode).toBe(413);
    expect(await kept()).toEqual(before);
  });

  it('is the one form that brings a file: all others still refuse one', async () => {
    const body = '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nMika\r\n--x--\r\n';
    for (const url of [
      page,
      `${page}/picture/removal`,
      `${page}/online-booking`,
      '/patients',
      '/sign-in',
      '/language',
    ]) {
      expect((await sendRaw(body, 'multipart/form-data; boundary=x', url)).statusCode, url).toBe(415);
    }
  });
});
