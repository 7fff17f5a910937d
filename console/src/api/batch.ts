// Batch exchange of a grant: its tasks and what their runs came to.
import { client, got } from "./client";
import type { components } from "./schema";

type Schema = components["schemas"];
export type BatchTask = Schema["BatchTask"];
export type BatchTaskNew = Schema["BatchTaskNew"];
export type BatchRun = Schema["BatchRun"];
export type BatchBadRow = Schema["BatchBadRow"];
export type BatchVerb = BatchTask["allowed"][number];

const named = (id: string) => ({ params: { path: { id } } });
const seen = ({ id, revision }: BatchTask) => ({ params: { path: { id }, header: { "If-Match": `"${revision}"` } } });

export const batchTaskList = (grant: string) => got(client.GET("/api/v1/batch-tasks", { params: { query: { grant } } }));
export const batchTaskCreate = (body: BatchTaskNew) => got(client.POST("/api/v1/batch-tasks", { body }));
export const batchRunList = (id: string) => got(client.GET("/api/v1/batch-tasks/{id}/runs", named(id)));
export const batchCountersign = (id: string, run: string, body: Schema["BatchCountNew"]) => got(client.POST("/api/v1/batch-tasks/{id}/runs/{run}/countersign", { params: { path: { id, run } }, body }));
export const batchPutAside = (id: string, run: string) => got(client.GET("/api/v1/batch-tasks/{id}/runs/{run}/put-aside", { params: { path: { id, run } } }));

/** One step of a task. */
export function batchTaskAct(task: BatchTask, verb: BatchVerb) {
  switch (verb) {
    case "run":
      return got(client.POST("/api/v1/batch-tasks/{id}/run", named(task.id)));
    case "pause":
      return got(client.POST("/api/v1/batch-tasks/{id}/pause", seen(task)));
    case "resume":
      return got(client.POST("/api/v1/batch-tasks/{id}/resume", seen(task)));
    case "end":
      return got(client.POST("/api/v1/batch-tasks/{id}/end", seen(task)));
  }
}
