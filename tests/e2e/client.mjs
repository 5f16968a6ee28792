// A court's own program in JavaScript, made from the .proto files alone.
// node client.mjs PROTOS ADDRESS CA_FILE LOGIN PASSWORD INSTRUCTION: signs in, lists, reads the timeline, signs for it.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { promisify } from "node:util";

// The packages lie in the folder that the program is started in.
const require = createRequire(process.cwd() + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [protos, address, caFile, login, password, instruction] = process.argv.slice(2);
const files = ["account_service", "instruction_service"].map((name) => `xiezhi/v1/${name}.proto`);
const definition = loader.loadSync(files, { includeDirs: [protos], keepCase: true, enums: String, longs: String });
const { AccountService, InstructionService } = grpc.loadPackageDefinition(definition).xiezhi.v1;
const credentials = grpc.credentials.createSsl(readFileSync(caFile));
const accounts = new AccountService(address, credentials);
const matters = new InstructionService(address, credentials);
const metadata = new grpc.Metadata();
const call = (service, method, request) => promisify(service[method].bind(service))(request, metadata);

const { session_token: token } = await call(accounts, "SignIn", { login, password });
metadata.set("authorization", `Bearer ${token}`);
const { instructions } = await call(matters, "ListInstructions", { box: "BOX_RECEIVED" });
const { entries } = await call(matters, "GetTimeline", { instruction_id: instruction });
const { receipt } = await call(matters, "SignInstruction", { request_id: randomUUID(), instruction_id: instruction });
console.log(JSON.stringify({
  listed: instructions.map((row) => row.instruction_id),
  timeline: entries.map((entry) => entry.kind),
  state: receipt.state,
}));
accounts.close();
matters.close();
