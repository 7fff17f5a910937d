import { Alert } from "antd";
import type { SentBack } from "../api/types";
import { moment } from "../i18n/format";

/** Why something came back, by whom and when. */
export function SentBackNote({ title, sent }: { title: string; sent: SentBack | null }) {
  if (!sent) return null;
  return <Alert className="problem" type="warning" showIcon title={title} description={`${sent.reason}（${sent.by_name}，${moment(sent.at)}）`} />;
}
