"""事项委托 and 协助执行(法院间): acts on objects at assisting bodies (`xiezhi_node.ordering`).

``forms``      how acts are filled in, by the rulebook
``follow_up``  orders that renew or release what an instruction has achieved
``service``    `DelegationService`
"""
