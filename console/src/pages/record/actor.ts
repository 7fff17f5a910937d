import type { JournalItem } from "../../api/types";

/** Who did it, as two cells: a person and his department, a task of the node, or nobody (somebody who is not logged in). */
export function actorOf(actor: JournalItem["actor"]): { name: string; organisation: string } {
  switch (actor.kind) {
    case "person":
      return { name: actor.name ?? actor.id, organisation: actor.organisation_name ?? actor.organisation };
    case "task":
      return { name: actor.name, organisation: "—" };
    case "nobody":
      return { name: "—", organisation: "—" };
  }
}
