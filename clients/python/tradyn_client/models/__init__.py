# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""What goes in and out: one class for each schema of the contract."""

from .account import Account
from .account_currency import AccountCurrency
from .account_event import AccountEvent
from .account_page import AccountPage
from .advance_request import AdvanceRequest
from .api_key import ApiKey
from .balance_request import BalanceRequest
from .calc_mode import CalcMode
from .calculation import Calculation
from .calculation_input import CalculationInput
from .calculation_name import CalculationName
from .candle import Candle
from .candle_event import CandleEvent
from .clock import Clock
from .clock_mode import ClockMode
from .clock_update import ClockUpdate
from .close_all_request import CloseAllRequest
from .close_all_result import CloseAllResult
from .close_by_request import CloseByRequest
from .close_by_result import CloseByResult
from .close_failure import CloseFailure
from .close_result import CloseResult
from .closing_event import ClosingEvent
from .commission_mode import CommissionMode
from .conversion_leg import ConversionLeg
from .create_account_request import CreateAccountRequest
from .create_key_request import CreateKeyRequest
from .create_webhook_request import CreateWebhookRequest
from .created_account import CreatedAccount
from .day_of_week import DayOfWeek
from .deal import Deal
from .deal_entry import DealEntry
from .deal_event import DealEvent
from .deal_page import DealPage
from .deal_reason import DealReason
from .deal_type import DealType
from .deals_event import DealsEvent
from .disconnect import Disconnect
from .equity_point import EquityPoint
from .error_code import ErrorCode
from .error_detail import ErrorDetail
from .error_event import ErrorEvent
from .expiration_mode import ExpirationMode
from .explanation import Explanation
from .explanation_condition import ExplanationCondition
from .explanation_event import ExplanationEvent
from .explanation_rule import ExplanationRule
from .explanation_state import ExplanationState
from .explanation_step import ExplanationStep
from .explanation_subject import ExplanationSubject
from .faults import Faults
from .faults_request import FaultsRequest
from .health import Health
from .health_status import HealthStatus
from .issued_api_key import IssuedApiKey
from .issued_webhook import IssuedWebhook
from .key_scope import KeyScope
from .margin_mode import MarginMode
from .modify_order_request import ModifyOrderRequest
from .modify_position_request import ModifyPositionRequest
from .notification import Notification
from .notification_event import NotificationEvent
from .notification_kind import NotificationKind
from .order import Order
from .order_event import OrderEvent
from .order_kind import OrderKind
from .order_page import OrderPage
from .order_request import OrderRequest
from .order_state import OrderState
from .order_type import OrderType
from .orders_event import OrdersEvent
from .pong_event import PongEvent
from .position import Position
from .position_change import PositionChange
from .position_change_kind import PositionChangeKind
from .position_event import PositionEvent
from .position_result import PositionResult
from .positions_event import PositionsEvent
from .preview import Preview
from .price_side import PriceSide
from .push_quotes_request import PushQuotesRequest
from .pushed_quote import PushedQuote
from .pushed_quotes import PushedQuotes
from .quote import Quote
from .relation import Relation
from .rotate_key_request import RotateKeyRequest
from .rotate_secret_request import RotateSecretRequest
from .session import Session
from .side import Side
from .sort_order import SortOrder
from .statistics import Statistics
from .stream_auth import StreamAuth
from .stream_channel import StreamChannel
from .stream_ping import StreamPing
from .stream_subscribe import StreamSubscribe
from .stream_unsubscribe import StreamUnsubscribe
from .subscribed_event import SubscribedEvent
from .swap_mode import SwapMode
from .swap_multipliers import SwapMultipliers
from .symbol import Symbol
from .tick_event import TickEvent
from .timeframe import Timeframe
from .trade_mode import TradeMode
from .trade_request import TradeRequest
from .trade_result import TradeResult
from .unsubscribed_event import UnsubscribedEvent
from .update_webhook_request import UpdateWebhookRequest
from .webhook import Webhook
from .webhook_deal_data import WebhookDealData
from .webhook_deal_event import WebhookDealEvent
from .webhook_deal_event_type import WebhookDealEventType
from .webhook_delivery import WebhookDelivery
from .webhook_delivery_page import WebhookDeliveryPage
from .webhook_delivery_state import WebhookDeliveryState
from .webhook_event_type import WebhookEventType
from .webhook_notification_data import WebhookNotificationData
from .webhook_notification_event import WebhookNotificationEvent
from .webhook_notification_event_type import WebhookNotificationEventType
from .webhook_order_data import WebhookOrderData
from .webhook_order_event import WebhookOrderEvent
from .webhook_order_event_type import WebhookOrderEventType
from .webhook_position_data import WebhookPositionData
from .webhook_position_event import WebhookPositionEvent
from .webhook_position_event_type import WebhookPositionEventType
from .webhook_test_data import WebhookTestData
from .webhook_test_event import WebhookTestEvent
from .webhook_test_event_type import WebhookTestEventType
from .welcome_event import WelcomeEvent

__all__ = [
    "Account",
    "AccountCurrency",
    "AccountEvent",
    "AccountPage",
    "AdvanceRequest",
    "ApiKey",
    "BalanceRequest",
    "CalcMode",
    "Calculation",
    "CalculationInput",
    "CalculationName",
    "Candle",
    "CandleEvent",
    "Clock",
    "ClockMode",
    "ClockUpdate",
    "CloseAllRequest",
    "CloseAllResult",
    "CloseByRequest",
    "CloseByResult",
    "CloseFailure",
    "CloseResult",
    "ClosingEvent",
    "CommissionMode",
    "ConversionLeg",
    "CreateAccountRequest",
    "CreateKeyRequest",
    "CreateWebhookRequest",
    "CreatedAccount",
    "DayOfWeek",
    "Deal",
    "DealEntry",
    "DealEvent",
    "DealPage",
    "DealReason",
    "DealType",
    "DealsEvent",
    "Disconnect",
    "EquityPoint",
    "ErrorCode",
    "ErrorDetail",
    "ErrorEvent",
    "ExpirationMode",
    "Explanation",
    "ExplanationCondition",
    "ExplanationEvent",
    "ExplanationRule",
    "ExplanationState",
    "ExplanationStep",
    "ExplanationSubject",
    "Faults",
    "FaultsRequest",
    "Health",
    "HealthStatus",
    "IssuedApiKey",
    "IssuedWebhook",
    "KeyScope",
    "MarginMode",
    "ModifyOrderRequest",
    "ModifyPositionRequest",
    "Notification",
    "NotificationEvent",
    "NotificationKind",
    "Order",
    "OrderEvent",
    "OrderKind",
    "OrderPage",
    "OrderRequest",
    "OrderState",
    "OrderType",
    "OrdersEvent",
    "PongEvent",
    "Position",
    "PositionChange",
    "PositionChangeKind",
    "PositionEvent",
    "PositionResult",
    "PositionsEvent",
    "Preview",
    "PriceSide",
    "PushQuotesRequest",
    "PushedQuote",
    "PushedQuotes",
    "Quote",
    "Relation",
    "RotateKeyRequest",
    "RotateSecretRequest",
    "Session",
    "Side",
    "SortOrder",
    "Statistics",
    "StreamAuth",
    "StreamChannel",
    "StreamPing",
    "StreamSubscribe",
    "StreamUnsubscribe",
    "SubscribedEvent",
    "SwapMode",
    "SwapMultipliers",
    "Symbol",
    "TickEvent",
    "Timeframe",
    "TradeMode",
    "TradeRequest",
    "TradeResult",
    "UnsubscribedEvent",
    "UpdateWebhookRequest",
    "Webhook",
    "WebhookDealData",
    "WebhookDealEvent",
    "WebhookDealEventType",
    "WebhookDelivery",
    "WebhookDeliveryPage",
    "WebhookDeliveryState",
    "WebhookEventType",
    "WebhookNotificationData",
    "WebhookNotificationEvent",
    "WebhookNotificationEventType",
    "WebhookOrderData",
    "WebhookOrderEvent",
    "WebhookOrderEventType",
    "WebhookPositionData",
    "WebhookPositionEvent",
    "WebhookPositionEventType",
    "WebhookTestData",
    "WebhookTestEvent",
    "WebhookTestEventType",
    "WelcomeEvent",
]
