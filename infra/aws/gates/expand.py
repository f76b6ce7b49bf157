#!/usr/bin/env python3
"""expand.py TEMPLATE OUTPUT [NAME=VALUE ...]: a SAM template as plain CloudFormation, offline, without credentials.

`sam validate --lint` passes most mistakes in SAM resources; cfn-lint over this expansion finds them. A state machine's
definition file is inlined as a plain string, so that cfn-lint checks its substitutions and fields too.
Needs aws-sam-translator and boto3 (PyPI).
"""
import json
import pathlib
import sys

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

path = pathlib.Path(sys.argv[1])
template = yaml_parse(path.read_text())
for resource in template["Resources"].values():
    properties = resource.get("Properties", {})
    if resource["Type"] in ("AWS::Serverless::Function", "AWS::Serverless::LayerVersion"):
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                properties[key] = "s3://bucket/key"
    if resource["Type"] == "AWS::Serverless::StateMachine" and isinstance(properties.get("DefinitionUri"), str):
        properties["Definition"] = json.loads((path.parent / properties.pop("DefinitionUri")).read_text())
values = dict(pair.split("=", 1) for pair in sys.argv[3:])
expanded = Translator({}, Parser(), boto_session=boto3.session.Session(region_name="us-east-1")).translate(template, values)
for resource in expanded["Resources"].values():
    if resource["Type"] == "AWS::StepFunctions::StateMachine":
        definition = resource["Properties"].get("DefinitionString")
        if isinstance(definition, dict) and "Fn::Join" in definition:
            resource["Properties"]["DefinitionString"] = definition["Fn::Join"][0].join(definition["Fn::Join"][1])
pathlib.Path(sys.argv[2]).write_text(json.dumps(expanded, indent=1))
