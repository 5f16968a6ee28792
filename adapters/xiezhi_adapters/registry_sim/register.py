"""What was done in the registers of the simulator: kept in a file, so that a killed one knows it again."""

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi.v1 import registry_pb2
from xiezhi_adapters.registry_sim.line import Seizures, join, lapse, leave
from xiezhi_adapters.registry_sim.world import World, key_of
from xiezhi_adapters.serving import write_whole
from xiezhi_domain.court_time import to_date

_PLACE: Final = "演示火车站"


class Register:
    """Seizures and persons under watch. Every act is done once for its request number."""

    def __init__(self, world: World, file: Path | None = None) -> None:
        self._world = world
        self._file = file
        self._seizures: dict[str, Seizures] = {}
        self._done: dict[str, pb.RegistryConnectorControlResponse] = {}
        self.hits: list[registry_pb2.RegistryHit] = []
        """Persons under watch as they will be seen, in the order in which they were put there."""
        if file is not None and file.exists():
            self._load(json.loads(file.read_text("utf-8")))

    def act(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        """Return what was done for this request number, now or before."""
        done = self._done.get(request.request_number)
        if done is None:
            done = self._act(request)
            done.request_number = request.request_number
            done.done_at.CopyFrom(request.authority.asked_at)
            if done.done:
                done.receipt_number = (
                    f"SIM-{sha256(request.request_number.encode()).hexdigest()[:10].upper()}"
                )
            if request.action != pb.CONTROL_ACTION_QUERY:
                self._done[request.request_number] = done
                self._keep()
        return done

    def _act(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        match request.action:
            case pb.CONTROL_ACTION_SEAL | pb.CONTROL_ACTION_SEAL_IN_ADVANCE:
                return self._seal(request)
            case pb.CONTROL_ACTION_RENEW:
                return self._renew(request)
            case pb.CONTROL_ACTION_RELEASE:
                return self._release(request)
            case pb.CONTROL_ACTION_WATCH:
                return self._watch(request)
            case pb.CONTROL_ACTION_UNWATCH:
                return pb.RegistryConnectorControlResponse(done=True)
        return pb.RegistryConnectorControlResponse(done=True, seizures=self._standing(request))

    def _line(self, request: pb.RegistryConnectorControlRequest) -> Seizures:
        """Return the line of the property as it was left, what has run out since then included."""
        key = key_of(request.property)
        if key not in self._seizures:
            self._seizures[key] = self._world.seizures(request.property)
        return self._seizures[key]

    def _standing(self, request: pb.RegistryConnectorControlRequest) -> Seizures:
        """Return the line of the property on the day of the request."""
        line = self._line(request)
        lapse(line, _day(request))
        return line

    def _seal(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        standing = self._standing(request)
        in_advance = request.action == pb.CONTROL_ACTION_SEAL_IN_ADVANCE
        seizure = registry_pb2.Seizure(
            kind=registry_pb2.SEIZURE_KIND_IN_ADVANCE if in_advance else registry_pb2.SEIZURE_KIND_SEALED,
            court=request.authority.court_name,
            case_number=request.authority.case_number,
            document=request.authority.matter_number,
            starts_on=request.starts_on or _day(request),
            expires_on=request.expires_on,
        )
        join(standing, seizure)
        return _told(seizure, standing)

    def _renew(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        before = _own(self._line(request), request)
        ended = before.expires_on if before else ""
        standing = self._standing(request)
        seizure = _own(standing, request)
        if seizure is None:
            words = f"原查封已于 {ended} 失效，不能续封" if ended else "登记簿中没有该案的查封，请核对原案号"
            return _refused(words)
        if request.expires_on <= seizure.expires_on:
            return _refused(f"续封的到期日应晚于 {seizure.expires_on}")
        seizure.expires_on = request.expires_on
        return _told(seizure, standing)

    def _release(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        standing = self._standing(request)
        seizure = _own(standing, request)
        if seizure is None:
            return _refused("登记簿中没有该案的查封，请核对原案号")
        leave(standing, seizure, _day(request))
        return pb.RegistryConnectorControlResponse(done=True, seizures=standing)

    def _watch(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        self.hits.append(
            registry_pb2.RegistryHit(
                hit_id=f"SIM-HIT-{len(self.hits) + 1}",
                request_number=request.request_number,
                holder=request.subject,
                seen_at=request.authority.asked_at,
                place=_PLACE,
                text="购票乘车，车次演示 0001",
            )
        )
        return pb.RegistryConnectorControlResponse(done=True)

    def _keep(self) -> None:
        if self._file is not None:
            state = {
                "seizures": {key: [_text(each) for each in rows] for key, rows in self._seizures.items()},
                "done": {number: _text(response) for number, response in self._done.items()},
                "hits": [_text(hit) for hit in self.hits],
            }
            write_whole(self._file, json.dumps(state, ensure_ascii=False))

    def _load(self, state: dict[str, dict[str, list[str]]]) -> None:
        for key, rows in state["seizures"].items():
            self._seizures[key] = [registry_pb2.Seizure.FromString(_bytes(row)) for row in rows]
        for number, row in state["done"].items():
            self._done[number] = pb.RegistryConnectorControlResponse.FromString(_bytes(str(row)))
        self.hits = [registry_pb2.RegistryHit.FromString(_bytes(row)) for row in state["hits"]]


def _own(
    standing: Sequence[registry_pb2.Seizure], request: pb.RegistryConnectorControlRequest
) -> registry_pb2.Seizure | None:
    """Return the seizure that a request renews or releases, by the case that it was made for."""
    case_number = request.earlier.case_number or request.authority.case_number
    return next((each for each in standing if each.case_number == case_number), None)


def _told(
    seizure: registry_pb2.Seizure, standing: Sequence[registry_pb2.Seizure]
) -> pb.RegistryConnectorControlResponse:
    return pb.RegistryConnectorControlResponse(
        done=True,
        kind=seizure.kind,
        rank=seizure.rank,
        starts_on=seizure.starts_on,
        expires_on=seizure.expires_on,
        seizures=standing,
    )


def _refused(why: str) -> pb.RegistryConnectorControlResponse:
    return pb.RegistryConnectorControlResponse(refusal=why)


def _day(request: pb.RegistryConnectorControlRequest) -> str:
    return to_date(request.authority.asked_at.ToMilliseconds()).isoformat()


def _text(
    message: registry_pb2.Seizure | registry_pb2.RegistryHit | pb.RegistryConnectorControlResponse,
) -> str:
    return base64.b64encode(message.SerializeToString()).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
