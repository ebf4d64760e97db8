"""Node names are data: they stand in every task row. Change this list only together with a data migration."""

from viewflow.workflow.fields import get_flow_ref, get_task_ref

from workflows.flows import NominationFlow, SlateFlow

NOMINATION = {
    "start",
    "complete_application",
    "unit_endorsement",
    "admission",
    "county_review",
    "county_union",
    "county_party",
    "county_outcome",
    "county_pool",
    "city_review",
    "city_union",
    "city_party",
    "city_outcome",
    "city_pool",
    "province_review",
    "province_union",
    "province_party",
    "province_outcome",
    "province_scoring",
    "province_pool",
    "correction",
    "resume",
    "named",
    "not_selected",
    "declined",
}
SLATE = {
    "start",
    "compile_slate",
    "quota_gate",
    "sign",
    "union_sign",
    "party_sign",
    "sign_outcome",
    "publish_notice",
    "notice_runs",
    "settle_objections",
    "second_gate",
    "naming_decision",
    "sent_up",
    "named",
}


def test_the_nodes_of_a_nomination():
    assert {node.name for node in NominationFlow.instance.nodes()} == NOMINATION


def test_the_nodes_of_a_slate():
    assert {node.name for node in SlateFlow.instance.nodes()} == SLATE


def test_how_flows_and_nodes_are_stored():
    assert get_flow_ref(NominationFlow) == "workflows/flows.NominationFlow"
    assert get_flow_ref(SlateFlow) == "workflows/flows.SlateFlow"
    assert get_task_ref(NominationFlow.county_union) == "workflows/flows.NominationFlow.county_union"


def test_every_node_leads_on_and_can_be_reached():
    for flow in (NominationFlow, SlateFlow):
        for node in flow.instance.nodes():
            assert node.name == "start" or list(node._incoming()), node.name
            assert node.task_type == "END" or list(node._outgoing()), node.name
