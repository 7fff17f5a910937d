import { trialToken } from "./calls";
import { ProblemError, problemOf } from "./problem";

/** A file of the data plane, as it tells of it: first in the making, then ready or refused. */
export interface DeliveredFile {
  id: string;
  format: FileFormat;
  ordered_at: string;
  state: "making" | "ready" | "refused";
  rows?: number;
  bytes?: number;
  sha256?: string;
  sm3?: string;
  rows_digest?: string;
  receipt?: string;
  expires_at?: string;
  download_url?: string;
  record?: { index: number; log: string };
  received?: { agrees: boolean; at: string } | null;
  code?: string;
  title_zh?: string;
  title_en?: string;
  params?: Record<string, unknown>;
}

export const FILE_FORMATS = ["parquet", "csv", "xlsx"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Speaks to the data plane as a system would: with a token of its own, and with nothing of the session. */
async function asked<Out>(grant: string, method: string, path: string, body?: unknown): Promise<Out> {
  const { access_token } = await trialToken(grant);
  const answer = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${access_token}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    credentials: "omit",
    cache: "no-store",
  });
  const told: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new ProblemError(problemOf(answer.status, told, answer.headers));
  return told as Out;
}

const ofGrant = (grant: string) => `/data/v1/grants/${encodeURIComponent(grant)}/files`;

export const filesList = (grant: string) => asked<{ items: DeliveredFile[] }>(grant, "GET", ofGrant(grant));
export const fileOrder = (grant: string, purpose: string, items: string[], format: FileFormat) =>
  asked<DeliveredFile>(grant, "POST", ofGrant(grant), { purpose, items, format });
export const fileDelete = (grant: string, id: string) => asked<null>(grant, "DELETE", `/data/v1/files/${encodeURIComponent(id)}`);
