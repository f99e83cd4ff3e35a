// The gateway's REST API as functions. Every failure is an Error whose message is the gateway's
// own sentence.

const json = { "Accept": "application/json" };

// Without what the page's own address may hold beside the path: fetch() refuses a URL with
// credentials in it, which http://admin:password@host/ui/ would make of every relative one.
const root = new URL("..", location.origin + location.pathname);

async function checked(response) {
  if (response.ok) {
    return response;
  }
  const text = await response.text();
  let message = text.trim() || `the gateway answered ${response.status}`;
  try {
    const body = JSON.parse(text);
    message = body.setting ? `${body.message} [${body.setting}]` : body.message ?? message;
  } catch {
    // a plain sentence
  }
  throw new Error(message);
}

async function send(method, path, body) {
  const init = { method, headers: { ...json } };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  return checked(await fetch(new URL(`system/${path}`, root), init));
}

export async function listFunctions() {
  return (await send("GET", "functions")).json();
}

export async function describeFunction(name, namespace) {
  return (await send("GET", `function/${name}?namespace=${namespace}`)).json();
}

// Of the platform's own evaluation; empty when alerts come from elsewhere.
export async function listAlerts() {
  return (await (await send("GET", "alerts")).json()).alerts;
}

export async function explainScaling(name, namespace) {
  return (await send("GET", `function/${name}/scaling?namespace=${namespace}`)).json();
}

export async function platformInfo() {
  return (await send("GET", "info")).json();
}

export async function deployFunction(deployment) {
  await send("POST", "functions", deployment);
}

export async function deleteFunction(functionName, namespace) {
  await send("DELETE", "functions", { functionName, namespace });
}

export async function scaleFunction(serviceName, namespace, replicas) {
  await send("POST", `scale-function/${serviceName}`, { serviceName, namespace, replicas });
}

// What the function answered, whatever its status; only a gateway out of reach throws. Text is cut
// at maxBytes, so that an endless answer doesn't fill the page.
export async function invokeFunction(path, method, type, body, maxBytes) {
  const began = performance.now();
  const init = { method };
  if (method !== "GET") {
    init.headers = { "Content-Type": type };
    init.body = body;
  }
  const response = await fetch(new URL(`function/${path}`, root), init);
  const { text, cut } = await readText(response, maxBytes);
  return {
    status: response.status,
    millis: performance.now() - began,
    duration: response.headers.get("X-Duration-Seconds"),
    callId: response.headers.get("X-Call-Id"),
    text,
    cut,
  };
}

async function readText(response, maxBytes) {
  if (!response.body) {
    return { text: "", cut: false };
  }
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return { text: text + decoder.decode(), cut: false };
    }
    size += value.length;
    text += decoder.decode(value, { stream: true });
    if (size > maxBytes) {
      await reader.cancel();
      return { text, cut: true };
    }
  }
}
