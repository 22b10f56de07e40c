import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Above this, in bytes, a file is not taken. */
export const largestFile = 5 * 1024 * 1024;
/** Above this, in bytes, nothing is read to its end, not even to say at the field that it is too large. */
const largestBody = 32 * 1024 * 1024;

/** A file as it was uploaded; what its sender says of its name and type is not believed, and so not kept. */
export interface Upload {
  bytes: Uint8Array;
  /** It was larger than what is taken, and is not here whole. */
  tooLarge: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes a form with a file, which all other routes refuse. */
    upload?: true;
  }
}

/** Lets the routes of this scope whose `config` says `upload` take a form with one file. */
export async function takeUploads(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fileSize: largestFile,
      files: 1,
      fields: 10,
      parts: 11,
      fieldSize: 1000,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
}

/** The fields of a form with a file, the file as an Upload; none where a file field was left empty. */
export async function readUpload(request: FastifyRequest): Promise<Record<string, unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > largestBody) throw refused(413);
  const fields: Record<string, unknown> = Object.create(null);
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = part.value;
      else {
        const bytes = await part.toBuffer();
        if (bytes.length > 0) fields[part.fieldname] = { bytes, tooLarge: part.file.truncated } satisfies Upload;
      }
    }
  } catch (error) {
    throw (error as { statusCode?: number }).statusCode ? error : refused(400);
  }
  return fields;
}

const refused = (statusCode: number) => Object.assign(new Error('what was uploaded can not be read'), { statusCode });
