import { z } from 'zod';
import { missingField } from '../errors.ts';
import { listQuery, optionalText } from '../list-query.ts';
import { parseBody } from '../parse-body.ts';
import { type FilePurpose, filePurposes } from './file-object.ts';

/** OpenAI's bounds: an hour to 30 days. */
const lifetime = z.coerce.number().int().min(3_600).max(2_592_000);

/** The fields of `POST /v1/files` beside the file; in a multipart form all are texts, and nested ones have such names. */
export const fileUploadSchema = z.looseObject({
  purpose: z.enum(filePurposes),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': lifetime.optional(),
});

export interface FileUpload {
  readonly purpose: FilePurpose;
  /** After its creation; absent: the server's own rule. */
  readonly expiresAfterSeconds?: number;
}

/** Throws a 400 WireError. */
export function decodeFileUpload(fields: unknown): FileUpload {
  const form = parseBody(fileUploadSchema, fields);
  const seconds = form['expires_after[seconds]'];
  if (form['expires_after[anchor]'] !== undefined && seconds === undefined) {
    throw missingField('expires_after[seconds]');
  }
  return { purpose: form.purpose, ...(seconds === undefined ? {} : { expiresAfterSeconds: seconds }) };
}

/** `GET /v1/files`. */
export const fileListQuery = listQuery({ most: 10_000, usual: 10_000 }).extend({ purpose: optionalText });
