//! Code that calls a grant, for a developer to copy. It holds no secret: the place for it is marked.

use crate::wire::grant::Call;
use serde_json::json;
use shuqiao_domain::grant::Grant;

/// Items in a sample's body at most: a sample shows the form, not the whole grant.
const ITEMS_MAX: usize = 5;

/// How to call this grant on the node with this address.
pub(crate) fn call(base_url: &str, grant: &Grant) -> Call {
    let url = format!("{base_url}/data/v1/grants/{}/query", grant.id);
    let token_url = format!("{base_url}/oauth2/token");
    let items: Vec<&str> = grant.terms.items.iter().take(ITEMS_MAX).map(|item| item.name.as_str()).collect();
    let limit = grant.terms.rows_per_call.min(10);
    let example_body = json!({ "purpose": grant.number, "items": items, "conditions": [], "limit": limit });
    let client = grant.terms.systems.first().map_or_else(|| "sys_…".to_owned(), ToString::to_string);
    let body = example_body.to_string();
    let fill = |template: &str| {
        template
            .replace("{token_url}", &token_url)
            .replace("{url}", &url)
            .replace("{client}", &client)
            .replace("{body}", &body)
    };
    Call { curl: fill(CURL), java: fill(JAVA), python: fill(PYTHON), url, example_body }
}

const CURL: &str = r#"# The system's secret stands in $CLIENT_SECRET.
TOKEN=$(curl -sS -u '{client}':"$CLIENT_SECRET" -d grant_type=client_credentials '{token_url}' \
  | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -sS '{url}' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d '{body}'
"#;

const JAVA: &str = r#"import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class CallGrant {
  public static void main(String[] args) throws Exception {
    String secret = System.getenv("CLIENT_SECRET");
    String basic = Base64.getEncoder()
        .encodeToString(("{client}:" + secret).getBytes(StandardCharsets.UTF_8));
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest login = HttpRequest.newBuilder(URI.create("{token_url}"))
        .header("Authorization", "Basic " + basic)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")).build();
    String answer = http.send(login, HttpResponse.BodyHandlers.ofString()).body();
    Matcher token = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(answer);
    if (!token.find()) throw new IllegalStateException(answer);
    String body = """
        {body}""";
    HttpRequest call = HttpRequest.newBuilder(URI.create("{url}"))
        .header("Authorization", "Bearer " + token.group(1))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    System.out.println(http.send(call, HttpResponse.BodyHandlers.ofString()).body());
  }
}
"#;

const PYTHON: &str = r#"import base64, json, os, urllib.request

def post(url, body, headers):
    return json.load(urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers)))

basic = base64.b64encode(("{client}:" + os.environ["CLIENT_SECRET"]).encode()).decode()
token = post("{token_url}", "grant_type=client_credentials",
             {"Authorization": "Basic " + basic, "Content-Type": "application/x-www-form-urlencoded"})
body = r'''{body}'''
answer = post("{url}", body, {"Authorization": "Bearer " + token["access_token"], "Content-Type": "application/json"})
print(answer["items"], answer["rows"], sep="\n")
"#;
