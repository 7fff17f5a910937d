import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { firstLogin, firstLoginCheck } from "../../api/calls";
import { LoneFrame } from "../../components/LoneFrame";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { paths } from "../../paths";

const LENGTH_MIN = 12;

/** Opened by a one-time link. The token stands after `#`, so it never reaches a server's log as part of an address. */
export function WelcomePage() {
  const { t } = useTranslation(["auth", "common"]);
  const navigate = useNavigate();
  const [token] = useState(() => window.location.hash.slice(1));
  const check = useQuery({ queryKey: ["first-login"], queryFn: () => firstLoginCheck(token), retry: false, staleTime: Infinity, enabled: token !== "" });
  const login = check.data?.login;
  const set = useMutation({
    mutationFn: (form: { password: string }) => firstLogin(token, form.password),
    onSuccess: () => navigate(paths.login, { replace: true, state: { login, done: true } }),
  });
  const bad = token === "" || check.isError;
  return (
    <LoneFrame>
      <PageHead title={t("welcome.title")} lead={check.data ? t("welcome.lead", { name: check.data.name, login }) : undefined} />
      {bad ? <Alert type="warning" showIcon title={t("welcome.bad")} /> : null}
      {!bad && check.isPending ? <p role="status">{t("welcome.checking")}</p> : null}
      {set.error ? <ProblemAlert error={set.error} /> : null}
      {check.data ? (
        <Form layout="vertical" size="large" requiredMark={false} onFinish={set.mutate}>
          <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
          <Form.Item
            name="password"
            label={t("welcome.password")}
            extra={t("welcome.rule")}
            rules={[{ required: true, message: t("common:required") }, { min: LENGTH_MIN, message: t("welcome.short") }]}
          >
            <Input.Password autoComplete="new-password" autoFocus maxLength={256} />
          </Form.Item>
          <Form.Item
            name="again"
            label={t("welcome.again")}
            dependencies={["password"]}
            rules={[
              { required: true, message: t("common:required") },
              (form) => ({
                validator: (_, value) => (value && value !== form.getFieldValue("password") ? Promise.reject(new Error(t("welcome.differ"))) : Promise.resolve()),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={set.isPending}>
            {t("welcome.submit")}
          </Button>
        </Form>
      ) : null}
    </LoneFrame>
  );
}
