// What IAM's and STS's models say of lengths, ranges and patterns of what requests carry; see constraints.ts. The patterns of
// names and paths are left out: IAM has words of its own for them.
import type { ServiceConstraints } from "./constraints.ts";

export const iam: ServiceConstraints = {
  numbers: {},
  constraints: [
    {
      is: { min: 16, max: 128, pattern: "[\\w-]+" },
      of: [
        "AcceptDelegationRequestRequest.DelegationRequestId", "AssociateDelegationRequestRequest.DelegationRequestId",
        "GetDelegationRequestRequest.DelegationRequestId", "RejectDelegationRequestRequest.DelegationRequestId",
        "SendDelegationTokenRequest.DelegationRequestId", "UpdateDelegationRequestRequest.DelegationRequestId",
      ],
    },
    {
      is: { min: 20, max: 2048 },
      of: [
        "AddClientIDToOpenIDConnectProviderRequest.OpenIDConnectProviderArn", "AttachGroupPolicyRequest.PolicyArn",
        "AttachRolePolicyRequest.PolicyArn", "AttachUserPolicyRequest.PolicyArn",
        "CreatePolicyVersionRequest.PolicyArn", "CreateRoleRequest.PermissionsBoundary",
        "CreateUserRequest.PermissionsBoundary", "DelegationPermission.PolicyTemplateArn",
        "DeleteOpenIDConnectProviderRequest.OpenIDConnectProviderArn", "DeletePolicyRequest.PolicyArn",
        "DeletePolicyVersionRequest.PolicyArn", "DeleteSAMLProviderRequest.SAMLProviderArn",
        "DetachGroupPolicyRequest.PolicyArn", "DetachRolePolicyRequest.PolicyArn", "DetachUserPolicyRequest.PolicyArn",
        "GenerateServiceLastAccessedDetailsRequest.Arn", "GetContextKeysForPrincipalPolicyRequest.PolicySourceArn",
        "GetHumanReadableSummaryRequest.EntityArn", "GetOpenIDConnectProviderRequest.OpenIDConnectProviderArn",
        "GetPolicyRequest.PolicyArn", "GetPolicyVersionRequest.PolicyArn", "GetSAMLProviderRequest.SAMLProviderArn",
        "ListEntitiesForPolicyRequest.PolicyArn", "ListOpenIDConnectProviderTagsRequest.OpenIDConnectProviderArn",
        "ListPoliciesGrantingServiceAccessRequest.Arn", "ListPolicyTagsRequest.PolicyArn",
        "ListPolicyVersionsRequest.PolicyArn", "ListSAMLProviderTagsRequest.SAMLProviderArn",
        "PutRolePermissionsBoundaryRequest.PermissionsBoundary",
        "PutUserPermissionsBoundaryRequest.PermissionsBoundary",
        "RemoveClientIDFromOpenIDConnectProviderRequest.OpenIDConnectProviderArn",
        "SetDefaultPolicyVersionRequest.PolicyArn", "SimulatePrincipalPolicyRequest.PolicySourceArn",
        "TagOpenIDConnectProviderRequest.OpenIDConnectProviderArn", "TagPolicyRequest.PolicyArn",
        "TagSAMLProviderRequest.SAMLProviderArn", "UntagOpenIDConnectProviderRequest.OpenIDConnectProviderArn",
        "UntagPolicyRequest.PolicyArn", "UntagSAMLProviderRequest.SAMLProviderArn",
        "UpdateOpenIDConnectProviderThumbprintRequest.OpenIDConnectProviderArn",
        "UpdateSAMLProviderRequest.SAMLProviderArn",
      ],
    },
    {
      is: { min: 1, max: 255 },
      of: [
        "AddClientIDToOpenIDConnectProviderRequest.ClientID", "CreateOpenIDConnectProviderRequest.ClientIDList[]",
        "CreateOpenIDConnectProviderRequest.Url", "RemoveClientIDFromOpenIDConnectProviderRequest.ClientID",
      ],
    },
    {
      is: { min: 1, max: 128 },
      of: [
        "AddRoleToInstanceProfileRequest.InstanceProfileName", "AddUserToGroupRequest.GroupName",
        "AddUserToGroupRequest.UserName", "AttachGroupPolicyRequest.GroupName", "CreateAccessKeyRequest.UserName",
        "CreateGroupRequest.GroupName", "CreateInstanceProfileRequest.InstanceProfileName",
        "CreatePolicyRequest.PolicyName", "CreateServiceLinkedRoleRequest.AWSServiceName",
        "DeactivateMFADeviceRequest.UserName", "DeleteAccessKeyRequest.UserName", "DeleteGroupPolicyRequest.GroupName",
        "DeleteGroupPolicyRequest.PolicyName", "DeleteGroupRequest.GroupName",
        "DeleteInstanceProfileRequest.InstanceProfileName", "DeleteRolePolicyRequest.PolicyName",
        "DeleteServerCertificateRequest.ServerCertificateName", "DeleteSigningCertificateRequest.UserName",
        "DeleteUserPolicyRequest.PolicyName", "DeleteUserPolicyRequest.UserName", "DeleteUserRequest.UserName",
        "DetachGroupPolicyRequest.GroupName", "EnableMFADeviceRequest.UserName", "GetGroupPolicyRequest.GroupName",
        "GetGroupPolicyRequest.PolicyName", "GetGroupRequest.GroupName",
        "GetInstanceProfileRequest.InstanceProfileName", "GetRolePolicyRequest.PolicyName",
        "GetServerCertificateRequest.ServerCertificateName", "GetUserPolicyRequest.PolicyName",
        "GetUserPolicyRequest.UserName", "GetUserRequest.UserName", "ListAccessKeysRequest.UserName",
        "ListAttachedGroupPoliciesRequest.GroupName", "ListGroupPoliciesRequest.GroupName",
        "ListGroupsForUserRequest.UserName", "ListInstanceProfileTagsRequest.InstanceProfileName",
        "ListMFADevicesRequest.UserName", "ListServerCertificateTagsRequest.ServerCertificateName",
        "ListSigningCertificatesRequest.UserName", "ListUserPoliciesRequest.UserName", "ListUserTagsRequest.UserName",
        "PutGroupPolicyRequest.GroupName", "PutGroupPolicyRequest.PolicyName", "PutRolePolicyRequest.PolicyName",
        "PutUserPolicyRequest.PolicyName", "PutUserPolicyRequest.UserName",
        "RemoveRoleFromInstanceProfileRequest.InstanceProfileName", "RemoveUserFromGroupRequest.GroupName",
        "RemoveUserFromGroupRequest.UserName", "ResyncMFADeviceRequest.UserName",
        "TagInstanceProfileRequest.InstanceProfileName", "TagServerCertificateRequest.ServerCertificateName",
        "TagUserRequest.UserName", "UntagInstanceProfileRequest.InstanceProfileName",
        "UntagServerCertificateRequest.ServerCertificateName", "UntagUserRequest.UserName",
        "UpdateAccessKeyRequest.UserName", "UpdateGroupRequest.GroupName", "UpdateGroupRequest.NewGroupName",
        "UpdateServerCertificateRequest.NewServerCertificateName",
        "UpdateServerCertificateRequest.ServerCertificateName", "UpdateSigningCertificateRequest.UserName",
        "UpdateUserRequest.UserName", "UploadServerCertificateRequest.ServerCertificateName",
        "UploadSigningCertificateRequest.UserName",
      ],
    },
    {
      is: { min: 1, max: 64 },
      of: [
        "AddRoleToInstanceProfileRequest.RoleName", "AttachRolePolicyRequest.RoleName",
        "AttachUserPolicyRequest.UserName", "CreateLoginProfileRequest.UserName", "CreateRoleRequest.RoleName",
        "CreateServiceLinkedRoleRequest.CustomSuffix", "CreateServiceSpecificCredentialRequest.UserName",
        "CreateUserRequest.UserName", "DeleteLoginProfileRequest.UserName",
        "DeleteRolePermissionsBoundaryRequest.RoleName", "DeleteRolePolicyRequest.RoleName",
        "DeleteRoleRequest.RoleName", "DeleteSSHPublicKeyRequest.UserName", "DeleteServiceLinkedRoleRequest.RoleName",
        "DeleteServiceSpecificCredentialRequest.UserName", "DeleteUserPermissionsBoundaryRequest.UserName",
        "DetachRolePolicyRequest.RoleName", "DetachUserPolicyRequest.UserName", "GetLoginProfileRequest.UserName",
        "GetMFADeviceRequest.UserName", "GetRolePolicyRequest.RoleName", "GetRoleRequest.RoleName",
        "GetSSHPublicKeyRequest.UserName", "ListAttachedRolePoliciesRequest.RoleName",
        "ListAttachedUserPoliciesRequest.UserName", "ListInstanceProfilesForRoleRequest.RoleName",
        "ListRolePoliciesRequest.RoleName", "ListRoleTagsRequest.RoleName", "ListSSHPublicKeysRequest.UserName",
        "ListServiceSpecificCredentialsRequest.UserName", "PutRolePermissionsBoundaryRequest.RoleName",
        "PutRolePolicyRequest.RoleName", "PutUserPermissionsBoundaryRequest.UserName",
        "RemoveRoleFromInstanceProfileRequest.RoleName", "ResetServiceSpecificCredentialRequest.UserName",
        "SimulateCustomPolicyRequest.ResourceHandlingOption", "SimulatePrincipalPolicyRequest.ResourceHandlingOption",
        "TagRoleRequest.RoleName", "UntagRoleRequest.RoleName", "UpdateAssumeRolePolicyRequest.RoleName",
        "UpdateLoginProfileRequest.UserName", "UpdateRoleDescriptionRequest.RoleName", "UpdateRoleRequest.RoleName",
        "UpdateSSHPublicKeyRequest.UserName", "UpdateServiceSpecificCredentialRequest.UserName",
        "UpdateUserRequest.NewUserName", "UploadSSHPublicKeyRequest.UserName",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "ChangePasswordRequest.NewPassword", "ChangePasswordRequest.OldPassword", "CreateLoginProfileRequest.Password",
        "UpdateLoginProfileRequest.Password",
      ],
    },
    {
      is: { min: 3, max: 63, pattern: "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$" },
      of: [
        "CreateAccountAliasRequest.AccountAlias", "DeleteAccountAliasRequest.AccountAlias",
      ],
    },
    {
      is: { pattern: "\\d{12}" },
      of: [
        "CreateDelegationRequestRequest.OwnerAccountId",
      ],
    },
    {
      is: { max: 1000, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" },
      of: [
        "CreateDelegationRequestRequest.Description", "CreateRoleRequest.Description",
        "CreateServiceLinkedRoleRequest.Description", "UpdateRoleDescriptionRequest.Description",
        "UpdateRoleRequest.Description",
      ],
    },
    {
      is: { max: 50 },
      of: [
        "CreateInstanceProfileRequest.Tags", "CreateOpenIDConnectProviderRequest.Tags", "CreatePolicyRequest.Tags",
        "CreateRoleRequest.Tags", "CreateSAMLProviderRequest.Tags", "CreateUserRequest.Tags",
        "CreateVirtualMFADeviceRequest.Tags", "DelegationPermission.Parameters", "TagInstanceProfileRequest.Tags",
        "TagMFADeviceRequest.Tags", "TagOpenIDConnectProviderRequest.Tags", "TagPolicyRequest.Tags",
        "TagRoleRequest.Tags", "TagSAMLProviderRequest.Tags", "TagServerCertificateRequest.Tags", "TagUserRequest.Tags",
        "UntagInstanceProfileRequest.TagKeys", "UntagMFADeviceRequest.TagKeys",
        "UntagOpenIDConnectProviderRequest.TagKeys", "UntagPolicyRequest.TagKeys", "UntagRoleRequest.TagKeys",
        "UntagSAMLProviderRequest.TagKeys", "UntagServerCertificateRequest.TagKeys", "UntagUserRequest.TagKeys",
        "UploadServerCertificateRequest.Tags",
      ],
    },
    {
      is: { min: 5, max: 256, pattern: "[ -~]+" },
      of: [
        "PolicyParameter.Name",
      ],
    },
    {
      is: { pattern: "[ -~]+" },
      of: [
        "PolicyParameter.Values[]",
      ],
    },
    {
      is: { max: 200, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" },
      of: [
        "CreateDelegationRequestRequest.RequestMessage",
      ],
    },
    {
      is: { min: 5, max: 400, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+" },
      of: [
        "CreateDelegationRequestRequest.RequestorWorkflowId",
      ],
    },
    {
      is: { min: 1, max: 255, pattern: "^http(s?)://[a-zA-Z0-9._/-]*(\\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$" },
      of: [
        "CreateDelegationRequestRequest.RedirectUrl",
      ],
    },
    {
      is: { min: 2, max: 400, pattern: "^[a-zA-Z0-9:_.-]+$" },
      of: [
        "CreateDelegationRequestRequest.NotificationChannel",
      ],
    },
    {
      is: { min: 300, max: 43200 },
      of: [
        "CreateDelegationRequestRequest.SessionDuration",
      ],
    },
    {
      is: { min: 1, max: 512 },
      of: [
        "CreateGroupRequest.Path", "CreateInstanceProfileRequest.Path", "CreatePolicyRequest.Path",
        "CreateRoleRequest.Path", "CreateUserRequest.Path", "CreateVirtualMFADeviceRequest.Path",
        "ListAttachedGroupPoliciesRequest.PathPrefix", "ListAttachedRolePoliciesRequest.PathPrefix",
        "ListAttachedUserPoliciesRequest.PathPrefix", "ListEntitiesForPolicyRequest.PathPrefix",
        "ListGroupsRequest.PathPrefix", "ListInstanceProfilesRequest.PathPrefix", "ListPoliciesRequest.PathPrefix",
        "ListRolesRequest.PathPrefix", "ListServerCertificatesRequest.PathPrefix", "ListUsersRequest.PathPrefix",
        "UpdateGroupRequest.NewPath", "UpdateServerCertificateRequest.NewPath", "UpdateUserRequest.NewPath",
        "UploadServerCertificateRequest.Path",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+" },
      of: [
        "Tag.Key", "UntagInstanceProfileRequest.TagKeys[]", "UntagMFADeviceRequest.TagKeys[]",
        "UntagOpenIDConnectProviderRequest.TagKeys[]", "UntagPolicyRequest.TagKeys[]", "UntagRoleRequest.TagKeys[]",
        "UntagSAMLProviderRequest.TagKeys[]", "UntagServerCertificateRequest.TagKeys[]", "UntagUserRequest.TagKeys[]",
      ],
    },
    {
      is: { max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
      of: [
        "Tag.Value",
      ],
    },
    {
      is: { min: 40, max: 40 },
      of: [
        "CreateOpenIDConnectProviderRequest.ThumbprintList[]",
        "UpdateOpenIDConnectProviderThumbprintRequest.ThumbprintList[]",
      ],
    },
    {
      is: { min: 1, max: 131072, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "CreatePolicyRequest.PolicyDocument", "CreatePolicyVersionRequest.PolicyDocument",
        "CreateRoleRequest.AssumeRolePolicyDocument", "GetContextKeysForCustomPolicyRequest.PolicyInputList[]",
        "GetContextKeysForPrincipalPolicyRequest.PolicyInputList[]", "PutGroupPolicyRequest.PolicyDocument",
        "PutRolePolicyRequest.PolicyDocument", "PutUserPolicyRequest.PolicyDocument",
        "SimulateCustomPolicyRequest.PermissionsBoundaryPolicyInputList[]",
        "SimulateCustomPolicyRequest.PolicyInputList[]", "SimulateCustomPolicyRequest.ResourcePolicy",
        "SimulatePrincipalPolicyRequest.PermissionsBoundaryPolicyInputList[]",
        "SimulatePrincipalPolicyRequest.PolicyInputList[]", "SimulatePrincipalPolicyRequest.ResourcePolicy",
        "UpdateAssumeRolePolicyRequest.PolicyDocument",
      ],
    },
    {
      is: { max: 1000 },
      of: [
        "CreatePolicyRequest.Description",
      ],
    },
    {
      is: { min: 3600, max: 43200 },
      of: [
        "CreateRoleRequest.MaxSessionDuration", "UpdateRoleRequest.MaxSessionDuration",
      ],
    },
    {
      is: { min: 1000, max: 10000000 },
      of: [
        "CreateSAMLProviderRequest.SAMLMetadataDocument", "UpdateSAMLProviderRequest.SAMLMetadataDocument",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "[\\w._-]+" },
      of: [
        "CreateSAMLProviderRequest.Name",
      ],
    },
    {
      is: { min: 1, max: 16384, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "CreateSAMLProviderRequest.AddPrivateKey", "UpdateSAMLProviderRequest.AddPrivateKey",
        "UploadSSHPublicKeyRequest.SSHPublicKeyBody", "UploadServerCertificateRequest.CertificateBody",
        "UploadServerCertificateRequest.PrivateKey", "UploadSigningCertificateRequest.CertificateBody",
      ],
    },
    {
      is: { min: 1, max: 36600 },
      of: [
        "CreateServiceSpecificCredentialRequest.CredentialAgeDays",
      ],
    },
    {
      is: { min: 1 },
      of: [
        "CreateVirtualMFADeviceRequest.VirtualMFADeviceName",
      ],
    },
    {
      is: { min: 9, max: 256, pattern: "[\\w+=/:,.@-]+" },
      of: [
        "DeactivateMFADeviceRequest.SerialNumber", "DeleteVirtualMFADeviceRequest.SerialNumber",
        "EnableMFADeviceRequest.SerialNumber", "GetMFADeviceRequest.SerialNumber",
        "ListMFADeviceTagsRequest.SerialNumber", "ResyncMFADeviceRequest.SerialNumber",
        "TagMFADeviceRequest.SerialNumber", "UntagMFADeviceRequest.SerialNumber",
      ],
    },
    {
      is: { min: 16, max: 128, pattern: "[\\w]+" },
      of: [
        "DeleteAccessKeyRequest.AccessKeyId", "GetAccessKeyLastUsedRequest.AccessKeyId",
        "UpdateAccessKeyRequest.AccessKeyId",
      ],
    },
    {
      is: { pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?" },
      of: [
        "DeletePolicyVersionRequest.VersionId", "GetPolicyVersionRequest.VersionId",
        "SetDefaultPolicyVersionRequest.VersionId",
      ],
    },
    {
      is: { min: 20, max: 128, pattern: "[\\w]+" },
      of: [
        "DeleteSSHPublicKeyRequest.SSHPublicKeyId",
        "DeleteServiceSpecificCredentialRequest.ServiceSpecificCredentialId", "GetSSHPublicKeyRequest.SSHPublicKeyId",
        "ResetServiceSpecificCredentialRequest.ServiceSpecificCredentialId", "UpdateSSHPublicKeyRequest.SSHPublicKeyId",
        "UpdateServiceSpecificCredentialRequest.ServiceSpecificCredentialId",
      ],
    },
    {
      is: { min: 24, max: 128, pattern: "[\\w]+" },
      of: [
        "DeleteSigningCertificateRequest.CertificateId", "UpdateSigningCertificateRequest.CertificateId",
      ],
    },
    {
      is: { min: 6, max: 6, pattern: "[\\d]+" },
      of: [
        "EnableMFADeviceRequest.AuthenticationCode1", "EnableMFADeviceRequest.AuthenticationCode2",
        "ResyncMFADeviceRequest.AuthenticationCode1", "ResyncMFADeviceRequest.AuthenticationCode2",
      ],
    },
    {
      is: { min: 19, max: 427, pattern: "^o-[0-9a-z]{10,32}\\/r-[0-9a-z]{4,32}[0-9a-z-\\/]*" },
      of: [
        "GenerateOrganizationsAccessReportRequest.EntityPath",
      ],
    },
    {
      is: { pattern: "^p-[0-9a-zA-Z_]{8,128}$" },
      of: [
        "GenerateOrganizationsAccessReportRequest.OrganizationsPolicyId",
      ],
    },
    {
      is: { min: 1, max: 1000 },
      of: [
        "GetAccountAuthorizationDetailsRequest.MaxItems", "GetGroupRequest.MaxItems",
        "GetOrganizationsAccessReportRequest.MaxItems", "GetServiceLastAccessedDetailsRequest.MaxItems",
        "GetServiceLastAccessedDetailsWithEntitiesRequest.MaxItems",
        "GetServiceLinkedRoleDeletionStatusRequest.DeletionTaskId", "ListAccessKeysRequest.MaxItems",
        "ListAccountAliasesRequest.MaxItems", "ListAttachedGroupPoliciesRequest.MaxItems",
        "ListAttachedRolePoliciesRequest.MaxItems", "ListAttachedUserPoliciesRequest.MaxItems",
        "ListDelegationRequestsRequest.MaxItems", "ListEntitiesForPolicyRequest.MaxItems",
        "ListGroupPoliciesRequest.MaxItems", "ListGroupsForUserRequest.MaxItems", "ListGroupsRequest.MaxItems",
        "ListInstanceProfileTagsRequest.MaxItems", "ListInstanceProfilesForRoleRequest.MaxItems",
        "ListInstanceProfilesRequest.MaxItems", "ListMFADeviceTagsRequest.MaxItems", "ListMFADevicesRequest.MaxItems",
        "ListOpenIDConnectProviderTagsRequest.MaxItems", "ListPoliciesRequest.MaxItems",
        "ListPolicyTagsRequest.MaxItems", "ListPolicyVersionsRequest.MaxItems", "ListRolePoliciesRequest.MaxItems",
        "ListRoleTagsRequest.MaxItems", "ListRolesRequest.MaxItems", "ListSAMLProviderTagsRequest.MaxItems",
        "ListSSHPublicKeysRequest.MaxItems", "ListServerCertificateTagsRequest.MaxItems",
        "ListServerCertificatesRequest.MaxItems", "ListServiceSpecificCredentialsRequest.MaxItems",
        "ListSigningCertificatesRequest.MaxItems", "ListUserPoliciesRequest.MaxItems", "ListUserTagsRequest.MaxItems",
        "ListUsersRequest.MaxItems", "ListVirtualMFADevicesRequest.MaxItems", "SimulateCustomPolicyRequest.MaxItems",
        "SimulatePrincipalPolicyRequest.MaxItems",
      ],
    },
    {
      is: { min: 1, max: 320, pattern: "[\\u0020-\\u00FF]+" },
      of: [
        "GetAccountAuthorizationDetailsRequest.Marker", "GetGroupRequest.Marker",
        "GetOrganizationsAccessReportRequest.Marker", "GetServiceLastAccessedDetailsRequest.Marker",
        "GetServiceLastAccessedDetailsWithEntitiesRequest.Marker", "ListAccessKeysRequest.Marker",
        "ListAccountAliasesRequest.Marker", "ListAttachedGroupPoliciesRequest.Marker",
        "ListAttachedRolePoliciesRequest.Marker", "ListAttachedUserPoliciesRequest.Marker",
        "ListDelegationRequestsRequest.Marker", "ListEntitiesForPolicyRequest.Marker",
        "ListGroupPoliciesRequest.Marker", "ListGroupsForUserRequest.Marker", "ListGroupsRequest.Marker",
        "ListInstanceProfileTagsRequest.Marker", "ListInstanceProfilesForRoleRequest.Marker",
        "ListInstanceProfilesRequest.Marker", "ListMFADeviceTagsRequest.Marker", "ListMFADevicesRequest.Marker",
        "ListOpenIDConnectProviderTagsRequest.Marker", "ListPoliciesGrantingServiceAccessRequest.Marker",
        "ListPoliciesRequest.Marker", "ListPolicyTagsRequest.Marker", "ListPolicyVersionsRequest.Marker",
        "ListRolePoliciesRequest.Marker", "ListRoleTagsRequest.Marker", "ListRolesRequest.Marker",
        "ListSAMLProviderTagsRequest.Marker", "ListSSHPublicKeysRequest.Marker",
        "ListServerCertificateTagsRequest.Marker", "ListServerCertificatesRequest.Marker",
        "ListServiceSpecificCredentialsRequest.Marker", "ListSigningCertificatesRequest.Marker",
        "ListUserPoliciesRequest.Marker", "ListUserTagsRequest.Marker", "ListUsersRequest.Marker",
        "ListVirtualMFADevicesRequest.Marker", "SimulateCustomPolicyRequest.Marker",
        "SimulatePrincipalPolicyRequest.Marker",
      ],
    },
    {
      is: { min: 2, max: 12 },
      of: [
        "GetHumanReadableSummaryRequest.Locale",
      ],
    },
    {
      is: { min: 36, max: 36 },
      of: [
        "GetOrganizationsAccessReportRequest.JobId", "GetServiceLastAccessedDetailsRequest.JobId",
        "GetServiceLastAccessedDetailsWithEntitiesRequest.JobId",
      ],
    },
    {
      is: { min: 1, max: 64, pattern: "[\\w-]*" },
      of: [
        "GetServiceLastAccessedDetailsWithEntitiesRequest.ServiceNamespace",
        "ListPoliciesGrantingServiceAccessRequest.ServiceNamespaces[]",
      ],
    },
    {
      is: { min: 20, max: 2048, pattern: "^[a-zA-Z0-9:/+=,.@_-]+$" },
      of: [
        "ListDelegationRequestsRequest.OwnerId",
      ],
    },
    {
      is: { min: 1, max: 200 },
      of: [
        "ListPoliciesGrantingServiceAccessRequest.ServiceNamespaces",
      ],
    },
    {
      is: { max: 500, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" },
      of: [
        "RejectDelegationRequestRequest.Notes", "UpdateDelegationRequestRequest.Notes",
      ],
    },
    {
      is: { min: 3, max: 128 },
      of: [
        "SimulateCustomPolicyRequest.ActionNames[]", "SimulatePrincipalPolicyRequest.ActionNames[]",
      ],
    },
    {
      is: { min: 1, max: 2048 },
      of: [
        "SimulateCustomPolicyRequest.CallerArn", "SimulateCustomPolicyRequest.ResourceArns[]",
        "SimulateCustomPolicyRequest.ResourceOwner", "SimulatePrincipalPolicyRequest.CallerArn",
        "SimulatePrincipalPolicyRequest.ResourceArns[]", "SimulatePrincipalPolicyRequest.ResourceOwner",
      ],
    },
    {
      is: { min: 5, max: 256 },
      of: [
        "ContextEntry.ContextKeyName",
      ],
    },
    {
      is: { min: 6, max: 128 },
      of: [
        "UpdateAccountPasswordPolicyRequest.MinimumPasswordLength",
      ],
    },
    {
      is: { min: 1, max: 1095 },
      of: [
        "UpdateAccountPasswordPolicyRequest.MaxPasswordAge",
      ],
    },
    {
      is: { min: 1, max: 24 },
      of: [
        "UpdateAccountPasswordPolicyRequest.PasswordReusePrevention",
      ],
    },
    {
      is: { min: 22, max: 64, pattern: "[A-Z0-9]+" },
      of: [
        "UpdateSAMLProviderRequest.RemovePrivateKey",
      ],
    },
    {
      is: { min: 1, max: 2097152, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "UploadServerCertificateRequest.CertificateChain",
      ],
    },
  ],
};

export const sts: ServiceConstraints = {
  numbers: {},
  constraints: [
    {
      is: { min: 20, max: 2048, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+" },
      of: [
        "AssumeRoleRequest.RoleArn", "AssumeRoleWithSAMLRequest.PrincipalArn", "AssumeRoleWithSAMLRequest.RoleArn",
        "AssumeRoleWithWebIdentityRequest.RoleArn", "PolicyDescriptorType.arn", "ProvidedContext.ProviderArn",
      ],
    },
    {
      is: { min: 2, max: 64, pattern: "[\\w+=,.@-]*" },
      of: [
        "AssumeRoleRequest.RoleSessionName", "AssumeRoleRequest.SourceIdentity",
        "AssumeRoleWithWebIdentityRequest.RoleSessionName",
      ],
    },
    {
      is: { min: 1, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "AssumeRoleRequest.Policy",
      ],
    },
    {
      is: { min: 900, max: 43200 },
      of: [
        "AssumeRoleRequest.DurationSeconds", "AssumeRoleWithSAMLRequest.DurationSeconds",
        "AssumeRoleWithWebIdentityRequest.DurationSeconds",
      ],
    },
    {
      is: { max: 50 },
      of: [
        "AssumeRoleRequest.Tags", "AssumeRoleRequest.TransitiveTagKeys", "GetFederationTokenRequest.Tags",
        "GetWebIdentityTokenRequest.Tags",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+" },
      of: [
        "AssumeRoleRequest.TransitiveTagKeys[]", "Tag.Key",
      ],
    },
    {
      is: { max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
      of: [
        "Tag.Value",
      ],
    },
    {
      is: { min: 2, max: 1224, pattern: "[\\w+=,.@:\\/-]*" },
      of: [
        "AssumeRoleRequest.ExternalId",
      ],
    },
    {
      is: { min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
      of: [
        "AssumeRoleRequest.SerialNumber", "GetSessionTokenRequest.SerialNumber",
      ],
    },
    {
      is: { min: 6, max: 6, pattern: "[\\d]*" },
      of: [
        "AssumeRoleRequest.TokenCode", "GetSessionTokenRequest.TokenCode",
      ],
    },
    {
      is: { min: 1, max: 5 },
      of: [
        "AssumeRoleRequest.ProvidedContexts",
      ],
    },
    {
      is: { min: 4, max: 2048 },
      of: [
        "AssumeRoleWithWebIdentityRequest.ProviderId", "ProvidedContext.ContextAssertion",
      ],
    },
    {
      is: { min: 4, max: 100000 },
      of: [
        "AssumeRoleWithSAMLRequest.SAMLAssertion",
      ],
    },
    {
      is: { min: 1, max: 2048, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
      of: [
        "AssumeRoleWithSAMLRequest.Policy", "AssumeRoleWithWebIdentityRequest.Policy",
        "GetFederationTokenRequest.Policy",
      ],
    },
    {
      is: { min: 4, max: 20000 },
      of: [
        "AssumeRoleWithWebIdentityRequest.WebIdentityToken",
      ],
    },
    {
      is: { min: 12, max: 2048 },
      of: [
        "AssumeRootRequest.TargetPrincipal",
      ],
    },
    {
      is: { min: 0, max: 900 },
      of: [
        "AssumeRootRequest.DurationSeconds",
      ],
    },
    {
      is: { min: 1, max: 10240 },
      of: [
        "DecodeAuthorizationMessageRequest.EncodedMessage",
      ],
    },
    {
      is: { min: 16, max: 128, pattern: "[\\w]*" },
      of: [
        "GetAccessKeyInfoRequest.AccessKeyId",
      ],
    },
    {
      is: { min: 2, max: 32, pattern: "[\\w+=,.@-]*" },
      of: [
        "GetFederationTokenRequest.Name",
      ],
    },
    {
      is: { min: 900, max: 129600 },
      of: [
        "GetFederationTokenRequest.DurationSeconds", "GetSessionTokenRequest.DurationSeconds",
      ],
    },
    {
      is: { min: 1, max: 10 },
      of: [
        "GetWebIdentityTokenRequest.Audience",
      ],
    },
    {
      is: { min: 1, max: 1000 },
      of: [
        "GetWebIdentityTokenRequest.Audience[]",
      ],
    },
    {
      is: { min: 60, max: 3600 },
      of: [
        "GetWebIdentityTokenRequest.DurationSeconds",
      ],
    },
    {
      is: { min: 5, max: 5 },
      of: [
        "GetWebIdentityTokenRequest.SigningAlgorithm",
      ],
    },
  ],
};
