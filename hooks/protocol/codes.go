package protocol

// The codes of refusals, the same over REST and in error frames. They are part
// of the contract: clients translate them, so they never change their meaning.
const (
	CodeInvalidRequest        = "invalid_request"         // the body, query or frame can't be read; Data names the field
	CodeUnknownType           = "unknown_type"            // a frame of a type that doesn't exist
	CodeUnauthorized          = "unauthorized"            // no valid token
	CodeForbidden             = "forbidden"               // the caller's role doesn't allow it
	CodeNotYourAccount        = "not_your_account"        // {userId} of the path is somebody else
	CodeOriginNotAllowed      = "origin_not_allowed"      // a browser page of another origin
	CodeNotParticipant        = "not_participant"         // the conversation isn't the caller's, or doesn't exist
	CodeNotYourMessage        = "not_your_message"        // only its sender may edit or delete a message
	CodeMessageDeleted        = "message_deleted"         // a deleted message can't be edited
	CodeNotInEstablishment    = "not_in_establishment"    // the caller doesn't belong to it, or no longer does, or it doesn't exist
	CodeRecipientGone         = "recipient_gone"          // a direct conversation whose other person was removed, disabled or moved
	CodeNoSharedEstablishment = "no_shared_establishment" // the participants don't all share one with the caller
	CodeUnknownParticipants   = "unknown_participants"    // Data lists the ids
	CodeTooFewParticipants    = "too_few_participants"
	CodeTooManyParticipants   = "too_many_participants"
	CodeTooManyGroups         = "too_many_groups"     // the groups that the caller has created hold as many people as allowed
	CodeHasLeft               = "has_left"            // they have left this group: only its staff may add them again; Data lists the ids
	CodeNotAGroup             = "not_a_group"         // a direct conversation has no title and always the same two people
	CodeContactNotAllowed     = "contact_not_allowed" // the establishment's rules of who may write to whom; Data lists the ids at fault when people are added
	CodeReplyOnly             = "reply_only"          // likewise: only once the other person has written
	CodeStaffOnly             = "staff_only"          // a group in which only its staff writes, such as that of a class which is archived
	CodePaused                = "paused"              // nobody with the caller's role may write for now
	CodeUrgentNotAllowed      = "urgent_not_allowed"  // the caller's role doesn't allow it
	CodeTooManyScheduled      = "too_many_scheduled"  // as many messages of the caller wait as may
	CodeInvalidEmoji          = "invalid_emoji"       // not exactly one emoji that the server knows
	CodeTooManyReactions      = "too_many_reactions"  // the message has as many different emoji as it may
	CodeTooManyPinned         = "too_many_pinned"     // the caller has pinned as many conversations as anybody may
	CodeContentEmpty          = "content_empty"
	CodeContentTooLong        = "content_too_long"
	CodeTitleTooLong          = "title_too_long"
	CodeClientIDTooLong       = "client_id_too_long"
	CodeClientIDReused        = "client_id_reused"    // it names a message of another conversation; this one wasn't stored
	CodeInvalidReplyTo        = "invalid_reply_to"    // not a message of this conversation
	CodeInvalidAttachments    = "invalid_attachments" // not the caller's unsent files of this conversation, each once, or more than a message may have
	CodeTypeNotAllowed        = "type_not_allowed"    // a file of a type that the school doesn't take, or a damaged one
	CodeInfected              = "infected"            // a virus was found in a file
	CodeQuotaExceeded         = "quota_exceeded"      // the files of the caller, or of the school, are as large as they may be
	CodeInvalidMessageID      = "invalid_message_id"
	CodePasswordUnchanged     = "password_unchanged"   // beside the field password: it is the temporary one
	CodePasswordTooCommon     = "password_too_common"  // likewise: it is among the first to be guessed
	CodePasswordIsPersonal    = "password_is_personal" // likewise: it is made of the person's names or address
	CodeUnknownClass          = "unknown_class"        // it doesn't exist, isn't in this establishment, or isn't one of the caller's
	CodeFollowsClass          = "follows_class"        // a group with the people of a class: they come and go with it; Data lists the ids
	CodeNotAStudent           = "not_a_student"        // beside a field: only somebody with the role student can be this
	CodeNotATeacher           = "not_a_teacher"        // likewise: only somebody who works at the school
	CodeAlreadyEnrolled       = "already_enrolled"     // likewise: they are in this class already
	CodeOwnGuardian           = "own_guardian"         // likewise: nobody is their own guardian
	CodeInvalidAccessCode     = "invalid_access_code"  // wrong, too old or used, or of somebody else
	CodeUnknownAccount        = "unknown_account"      // a provider has let somebody in whom nobody here is known to be
	CodeNotFound              = "not_found"
	CodeTooLarge              = "too_large"
	CodeTooManyRequests       = "too_many_requests" // Retry-After says when to try again
	CodeTooManySockets        = "too_many_sockets"
	CodeNoRecipients          = "no_recipients"
	CodeUnknownRecipient      = "unknown_recipient" // in EmailRefused: nobody in the caller's establishments
	CodeNoEmailAddress        = "no_email_address"  // in EmailRefused: the person has none
	CodeMailUnavailable       = "mail_unavailable"  // this server can't send mail: the school hands out passwords itself
	CodeUnreadableFile        = "unreadable_file"   // a file of an import; Data names it, and line and column (0 if they aren't known)
	CodePlanOutdated          = "plan_outdated"     // people or classes have changed since the import was planned, or another one is being applied
	CodeUnavailable           = "unavailable"       // the server is stopping: try again
	CodeOutcomeUnknown        = "outcome_unknown"   // it may have been stored or not: send a message again with its client_id
	CodeInternal              = "internal"          // a fault of the server; nothing was stored
)
