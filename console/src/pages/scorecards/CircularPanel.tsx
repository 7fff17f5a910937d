import { useQuery } from "@tanstack/react-query";
import { organisationsList } from "../../api/calls";
import type { Organisation } from "../../api/types";
import { PapersPanel } from "../../components/PapersPanel";
import { useSession } from "../../components/RequireSession";
import { isEvaluated } from "./period";
import { today } from "./PeriodPicker";

type Place = Pick<Organisation, "kind" | "level" | "region_code">;

/** Whether an organisation is the sharing authority beside another one: of its level and region. */
const beside = (authority: Place, own: Place) =>
  authority.kind === "sharing_authority" && authority.level === own.level && (own.level === "nation" || authority.region_code === own.region_code);

/** The circulars of an authority's evaluation (评价通报): its officers have them made, those who check read them. */
export function CircularPanel({ period }: { period: string }) {
  const { person } = useSession();
  const own = person.organisation;
  const evaluates = own.kind === "sharing_authority";
  const evaluated = isEvaluated(period, today());
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: organisationsList, enabled: evaluated && !evaluates });
  const authority = evaluates ? own.id : organisations.data?.items.find((each) => beside(each, own))?.id;
  if (!evaluated || !authority) return null;
  // What its papers show is counted anew with each look; it has no revision that could be known here.
  return <PapersPanel subject={`${authority.replace("org_", "sco_")}_${period}`} revision={0} />;
}
