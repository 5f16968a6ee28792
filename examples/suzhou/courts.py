"""The courts of the Suzhou story and the name of the hub's log. Plain names: the stage may not load the SDK's gRPC."""

HUB, PARK, GUSU = "苏05", "苏0591", "苏0508"
NODES = (HUB, PARK, GUSU)
ORIGIN = "hub.su05.example/xiezhi"
