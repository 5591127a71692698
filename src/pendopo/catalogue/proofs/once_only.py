"""Once only: a question whose answer a connected register holds is an error, unless justified."""

from collections.abc import Mapping

from pendopo.catalogue.definition.data import Field, Subject
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.names import FieldName
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.surroundings import Surroundings


def prove(service: Service, surroundings: Surroundings) -> list[Fault]:
    """Return questions that the state should not ask.

    What a register holds is told by ``definitions/registers``. A field is recognised by its concept, which by
    default is what its group is about and its own name, so that a new question does not slip through unnamed.
    """
    held = {
        concept: register.id
        for register in surroundings.registers.values()
        if register.connected
        for concept in register.holds
    }
    faults: list[Fault] = []
    for name, field in service.fields:
        concept = concept_of(service, name, field)
        for number, origin in enumerate(field.origins):
            if origin.ask and not origin.justification and concept in held:
                path = ("groups", name.group, "fields", name.name, "origins", number)
                message = f"the register {held[concept]} holds {concept}: look it up, or justify the question"
                faults.append(service.fault("data.yaml", path, message))
    return faults


def concept_of(service: Service, name: FieldName, field: Field) -> str:
    """Return what a field is in the words of registers."""
    if field.concept is not None:
        return field.concept
    return f"{_SUBJECTS[service.data.groups[name.group].about]}.{name.name}"


_SUBJECTS: Mapping[Subject, str] = {subject: subject.value for subject in Subject}
