//! What resources are called here: names, URLs, ARNs.

use serde_json::Value;

use super::intrinsics::Resolver;
use super::{ACCOUNT, REGION, TemplateError};

impl Resolver<'_> {
    /// What `Ref` gives for a name.
    pub(super) fn reference(&self, name: &str, at: &str) -> Result<Value, TemplateError> {
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        let pseudo = match name {
            "AWS::Region" => REGION,
            "AWS::AccountId" => ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::StackName" => "local",
            "AWS::URLSuffix" => "amazonaws.com",
            _ => "",
        };
        if !pseudo.is_empty() {
            return Ok(Value::from(pseudo));
        }
        let text = match self.kind(name, at)? {
            "AWS::SQS::Queue" => self.queue_url(&self.physical(name)?),
            "AWS::SecretsManager::Secret" => secret_arn(name),
            _ => self.physical(name)?,
        };
        Ok(Value::String(text))
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(
        &self,
        id: &str,
        attribute: &str,
        at: &str,
    ) -> Result<String, TemplateError> {
        let kind = self.kind(id, at)?;
        let name = self.physical(id)?;
        let text = match (kind, attribute) {
            ("AWS::SQS::Queue", "QueueUrl") => self.queue_url(&name),
            ("AWS::SQS::Queue", "QueueName") => name,
            ("AWS::SQS::Queue", "Arn") => arn("sqs", &name),
            ("AWS::Serverless::Function" | "AWS::Lambda::Function", "Arn") => {
                arn("lambda", &format!("function:{name}"))
            }
            ("AWS::DynamoDB::Table", "Arn") => arn("dynamodb", &format!("table/{name}")),
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{name}"),
            ("AWS::SecretsManager::Secret", "Id") => secret_arn(id),
            ("AWS::Serverless::HttpApi", "ApiEndpoint") => self.addresses.http_api.clone(),
            (_, "Arn") => arn("local", &name),
            _ => {
                return Err(TemplateError::at(
                    at,
                    format!("{kind} has no attribute {attribute} here"),
                ));
            }
        };
        Ok(text)
    }

    fn kind(&self, id: &str, at: &str) -> Result<&str, TemplateError> {
        self.document
            .resources
            .get(id)
            .map(|resource| resource.kind.as_str())
            .ok_or_else(|| TemplateError::at(at, format!("there is no resource {id}")))
    }

    /// The name a resource has here: the one it asks for, else its logical id.
    pub(crate) fn physical(&self, id: &str) -> Result<String, TemplateError> {
        let at = format!("Resources.{id}.Properties");
        let Some(resource) = self.document.resources.get(id) else {
            return Err(TemplateError::at(&at, "there is no such resource"));
        };
        let property = match resource.kind.as_str() {
            "AWS::SQS::Queue" => "QueueName",
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::S3::Bucket" => "BucketName",
            "AWS::Serverless::Function" => "FunctionName",
            _ => "Name",
        };
        match &resource.properties[property] {
            Value::Null if property == "BucketName" => Ok(id.to_lowercase()),
            Value::Null => Ok(id.to_owned()),
            node => self.text(node, &at),
        }
    }

    /// The queue's URL under the local SQS endpoint.
    pub(crate) fn queue_url(&self, name: &str) -> String {
        format!("{}/{ACCOUNT}/{name}", self.addresses.sqs)
    }
}

/// An ARN in the local account.
pub(crate) fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

/// The ARN of a secret; Secrets Manager ends it with six characters of its own.
pub(crate) fn secret_arn(id: &str) -> String {
    arn("secretsmanager", &format!("secret:{id}-local1"))
}
